namespace Collector.Metrics;

/// <summary>A kind of counter: a name, by which its items are found, and how long they are kept.</summary>
/// <param name="Name">The beginning of its items' keys.</param>
/// <param name="Retention">
/// The retention in policy.json that its items follow; null for counters over all users, which do not expire.
/// </param>
/// <param name="ShownByDay">Whether the usage API shows it by day and the rollup packs it by month.</param>
/// <param name="GrowsByNames">
/// Whether clients' data determines names of its attributes; a write must then know which names an item has.
/// </param>
internal sealed record Metric(string Name, string? Retention = null, bool ShownByDay = false, bool GrowsByNames = false)
{
    /// <summary>The partition of a day's items, <c>requests#2026-11-22</c>.</summary>
    public string OfDay(string day) => $"{Name}#{day}";
}
