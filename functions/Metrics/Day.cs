using System.Globalization;

namespace Collector.Metrics;

/// <summary>The names of days and hours in counter keys: the server's clock, UTC.</summary>
internal static class Day
{
    /// <summary>The day that something counts for, <c>2026-11-22</c>.</summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Of(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
