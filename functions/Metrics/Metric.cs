namespace Collector.Metrics;

/// <summary>Something that is counted: a name, by which its counter items are found, and how long these are kept.</summary>
/// <param name="Name">What its items' keys begin with.</param>
/// <param name="Retention">Whose retention in policy.json its items follow; null for numbers over all users, which stay.</param>
/// <param name="ShownByDay">Whether the usage API shows it by day, and the rollup packs its months.</param>
/// <param name="GrowsByNames">Whether clients' data gives its attributes their names, so that a write must know which an item has.</param>
internal sealed record Metric(string Name, string? Retention = null, bool ShownByDay = false, bool GrowsByNames = false)
{
    /// <summary>The partition of a day's items, <c>requests#2026-11-22</c>.</summary>
    public string OfDay(string day) => $"{Name}#{day}";
}
