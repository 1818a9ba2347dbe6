namespace Collector.Benchmarks.Comparison;

/// <summary>What cleaning one event costs, in this process: time, against parsing it as JSON, and bytes allocated.</summary>
internal sealed record CleaningCost(string Batch, double Microseconds, double Ratio, double Bytes)
{
    private const double Events = 20;

    /// <summary>Measures each batch of <see cref="CleaningBenchmarks"/>.</summary>
    public static IReadOnlyList<CleaningCost> Measure() => [.. CleaningBenchmarks.Batches.Select(batch =>
    {
        var cost = PairedRatio.Of(batch);
        return new CleaningCost(batch, cost.Clean / Events, cost.Ratio, cost.Bytes / Events);
    })];
}
