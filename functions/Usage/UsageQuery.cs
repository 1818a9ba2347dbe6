using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;

namespace Collector.Usage;

/// <summary>
/// The parameters that all usage answers share: days (UTC, inclusive), the number of rows, and whether to compare with the previous period.
/// </summary>
/// <param name="Trend">Whether each row of a ranking shows how its number changed over the period.</param>
internal sealed record UsageQuery(DateOnly From, DateOnly To, int Limit, bool Compare, bool Trend = false)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>The number of parts of a trend: the days, or for a long period as many parts as a small line can show.</summary>
    public int TrendParts => Math.Min(Days, Limits.TrendParts);

    /// <summary>The previous period has the same length and ends the day before this one begins.</summary>
    public DateOnly PreviousFrom => From.AddDays(-Days);

    public DateOnly PreviousTo => From.AddDays(-1);

    /// <summary>Reads the parameters; without any, the last seven days. Throws the 400 problem.</summary>
    /// <param name="mostDays">The longest range that is allowed, in days.</param>
    /// <param name="mayCompare">Whether the previous period may be read too.</param>
    public static UsageQuery Parse(APIGatewayProxyRequest request, DateOnly today, int mostDays = Limits.UsageDays, bool mayCompare = true)
    {
        var to = Day(request, "to") ?? today;
        var from = Day(request, "from") ?? to.AddDays(-6);
        if (from > to) throw Problem.BadRequest.With("The parameter from must not be after to.");
        if (to.DayNumber - from.DayNumber >= mostDays)
            throw Problem.BadRequest.With(string.Create(
                CultureInfo.InvariantCulture, $"The parameters from and to must be less than {mostDays} days apart."));
        if (!mayCompare && request.Query("compare") is not null)
            throw Problem.BadRequest.With("The parameter compare needs the operator key.");
        return new UsageQuery(
            from, to, request.QueryNumber("limit", Limits.UsageRows, otherwise: Limits.UsageRows),
            request.QueryOneOf("compare", "none", "previous") == "previous",
            request.QueryOneOf("trend", "none", "parts") == "parts");
    }

    /// <summary>Whether a day (its <see cref="DateOnly.DayNumber"/>) is in the requested period, and not in the previous one.</summary>
    public bool IsCurrent(int day) => day >= From.DayNumber && day <= To.DayNumber;

    public bool IsPrevious(int day) => Compare && day >= PreviousFrom.DayNumber && day < From.DayNumber;

    /// <summary>
    /// Adds a day's number to a row's trend, and creates the trend if there is none yet. Does nothing when no trend is requested.
    /// </summary>
    public void AddTrend(ref long[]? trend, int day, long number)
    {
        if (!Trend) return;
        trend ??= new long[TrendParts];
        trend[(long)(day - From.DayNumber) * TrendParts / Days] += number;
    }

    /// <summary>The day of this period that is shown beside a day of the previous one.</summary>
    public int Beside(int day) => day + Days;

    public static string Name(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(APIGatewayProxyRequest request, string parameter)
    {
        if (request.Query(parameter) is not { } value) return null;
        return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 2000 and < 3000
            ? day : throw Problem.BadRequest.With($"The parameter {parameter} must be a day such as 2026-11-22.");
    }
}
