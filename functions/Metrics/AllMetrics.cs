using Collector.Storage;

namespace Collector.Metrics;

/// <summary>Every metric. A new one needs a file in this folder and an entry here.</summary>
internal static class AllMetrics
{
    public static IReadOnlyList<Metric> List { get; } =
    [
        RequestMetric.Metric, CliMetric.Metric, FeatureMetric.Metric, SessionMetric.Metric, SessionMetric.Machines, LedgerMetric.Metric,
        LedgerMetric.UnreadableItems, StackMetric.Metric, CreditMetric.Metric,
    ];

    /// <summary>The metrics that the usage API shows by day and the rollup packs by month.</summary>
    public static IEnumerable<Metric> ShownByDay => List.Where(metric => metric.ShownByDay);

    /// <summary>The metric of a counter item. Throws <see cref="ArgumentException"/> for a key that belongs to no metric.</summary>
    public static Metric Of(CounterKey key)
    {
        foreach (var metric in List)
        {
            if (key.Metric.Length > metric.Name.Length && key.Metric[metric.Name.Length] == '#'
                && key.Metric.StartsWith(metric.Name, StringComparison.Ordinal))
                return metric;
        }

        throw new ArgumentException($"no metric has the key {key.Metric}", nameof(key));
    }
}
