using System.Globalization;
using Collector.Http;

namespace Collector.Insights;

/// <summary>The parameters that all usage answers share: days (UTC, inclusive), what the rows are grouped by, their order and number.</summary>
internal sealed record UsageQuery(DateOnly From, DateOnly To, string? By, string? Order, int Limit)
{
    /// <summary>The longest range of days.</summary>
    public const int MaxDays = 400;

    public const int MaxLimit = 10_000;

    public IEnumerable<DateOnly> Days
    {
        get
        {
            for (var day = From; day <= To; day = day.AddDays(1)) yield return day;
        }
    }

    /// <summary>Reads the parameters; without any, the last seven days. Throws the 400 problem.</summary>
    public static UsageQuery Parse(IDictionary<string, string>? parameters, DateOnly today)
    {
        string? Value(string name) => parameters is not null && parameters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
        var to = Day(Value("to"), "to") ?? today;
        var from = Day(Value("from"), "from") ?? to.AddDays(-6);
        if (from > to) throw Problem.BadRequest.With("from is after to.");
        if (to.DayNumber - from.DayNumber >= MaxDays) throw Problem.BadRequest.With($"from and to are more than {MaxDays} days apart.");
        var limit = MaxLimit;
        if (Value("limit") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            throw Problem.BadRequest.With($"limit is a number from 1 to {MaxLimit}.");
        return new UsageQuery(from, to, Value("by"), Value("order"), limit);
    }

    /// <summary>The value among those allowed, the first when none is given. Throws the 400 problem that names them.</summary>
    public static string OneOf(string? value, string parameter, params ReadOnlySpan<string> allowed)
    {
        if (value is null) return allowed[0];
        foreach (var one in allowed)
        {
            if (one == value) return one;
        }

        throw Problem.BadRequest.With($"{parameter} is one of {string.Join(", ", allowed.ToArray())}.");
    }

    private static DateOnly? Day(string? value, string parameter)
    {
        if (value is null) return null;
        return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : throw Problem.BadRequest.With($"{parameter} is a day, as 2026-11-22.");
    }
}
