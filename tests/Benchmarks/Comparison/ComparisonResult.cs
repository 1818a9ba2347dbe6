namespace Collector.Benchmarks.Comparison;

/// <summary>The measurements of the collector (the first) and its peers, and of the Aggregator.</summary>
internal sealed record ComparisonResult(IReadOnlyList<Measured> All, IReadOnlyList<Cost> Aggregator)
{
    /// <summary>Log items in a stream batch, each with 20 calls.</summary>
    public const int RecordsPerBatch = 100;

    public Measured Ours => All[0];

    public double AggregatorRecords => RecordsPerBatch * Measured.Median(Aggregator.Select(cost => cost.RequestsPerCpuSecond));

    public double AggregatorPeak => Measured.Median(Aggregator.Select(cost => cost.PeakMegabytes));

    public Measured? Named(string name) => All.FirstOrDefault(one => one.Peer.Name == name);
}
