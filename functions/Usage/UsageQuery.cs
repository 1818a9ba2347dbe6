using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;

namespace Collector.Usage;

/// <summary>The parameters that all usage answers share: days (UTC, inclusive), how many rows, and whether the period before is compared with.</summary>
internal sealed record UsageQuery(DateOnly From, DateOnly To, int Limit, bool Compare)
{
    /// <summary>The longest range of days.</summary>
    public const int MaxDays = 400;

    public const int MaxLimit = 10_000;

    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>The period before is as long and ends where this one begins.</summary>
    public DateOnly PreviousFrom => From.AddDays(-Days);

    public DateOnly PreviousTo => From.AddDays(-1);

    /// <summary>Reads the parameters; without any, the last seven days. Throws the 400 problem.</summary>
    public static UsageQuery Parse(APIGatewayProxyRequest request, DateOnly today)
    {
        var to = Day(request, "to") ?? today;
        var from = Day(request, "from") ?? to.AddDays(-6);
        if (from > to) throw Problem.BadRequest.With("from is after to.");
        if (to.DayNumber - from.DayNumber >= MaxDays) throw Problem.BadRequest.With($"from and to are more than {MaxDays} days apart.");
        return new UsageQuery(
            from, to, request.QueryNumber("limit", MaxLimit, otherwise: MaxLimit), request.QueryOneOf("compare", "none", "previous") == "previous");
    }

    /// <summary>Whether a day (its <see cref="DateOnly.DayNumber"/>) is asked for, rather than one of the period before.</summary>
    public bool IsCurrent(int day) => day >= From.DayNumber && day <= To.DayNumber;

    public bool IsPrevious(int day) => Compare && day >= PreviousFrom.DayNumber && day < From.DayNumber;

    /// <summary>The day that a day of the period before is set beside.</summary>
    public int Beside(int day) => day + Days;

    public static string Name(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(APIGatewayProxyRequest request, string parameter)
    {
        if (request.Query(parameter) is not { } value) return null;
        return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 3000
            ? day : throw Problem.BadRequest.With($"{parameter} is a day, as 2026-11-22.");
    }
}
