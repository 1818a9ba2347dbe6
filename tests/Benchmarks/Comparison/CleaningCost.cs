namespace Collector.Benchmarks.Comparison;

/// <summary>The cost of cleaning one event in this process: time, ratio to parsing it as JSON, and allocated bytes.</summary>
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
