using System.Globalization;

namespace Collector.Metrics;

/// <summary>The names of days in counter keys, by the server's clock in UTC.</summary>
internal static class Day
{
    /// <summary>The day of a moment, <c>2026-11-22</c>.</summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Of(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
