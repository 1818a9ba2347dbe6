namespace Collector.Storage;

/// <summary>When the counters of a day, and of a month, no longer change.</summary>
internal static class ClosedDays
{
    /// <summary>
    /// The number of days after which nothing more can be counted for a day: a stream record lives 24 hours, and an anonymous log item,
    /// from which a day could be counted again, two days.
    /// </summary>
    public const int Wait = 3;

    public static bool IsClosed(DateOnly day, DateOnly today) => day.AddDays(1 + Wait) <= today;

    /// <summary>Whether the last day of a month is closed. The month is given by its first day.</summary>
    public static bool IsMonthClosed(DateOnly month, DateOnly today) => month.AddMonths(1).AddDays(Wait) <= today;

    public static IEnumerable<DateOnly> Months(DateOnly from, DateOnly to)
    {
        for (var month = new DateOnly(from.Year, from.Month, 1); month <= to; month = month.AddMonths(1)) yield return month;
    }

    public static IEnumerable<DateOnly> Days(DateOnly from, DateOnly to)
    {
        for (var day = from; day <= to; day = day.AddDays(1)) yield return day;
    }
}
