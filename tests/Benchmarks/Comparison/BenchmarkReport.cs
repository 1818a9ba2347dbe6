using System.Globalization;

namespace Collector.Benchmarks.Comparison;

internal sealed class BenchmarkReport(ComparisonOptions options, TextWriter output, TimeProvider time)
{
    public async Task Run()
    {
        var result = await new PeerComparison(options, output, time).Measure();
        foreach (var one in result.All)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Peer.Name} warm {one.WarmRate:F0} {one.WarmPeak:F1} MB; cold {one.ColdCpu:F1} ms {one.ColdPeak:F1} MB {Measured.Median(one.FirstBatches.Select(c => c.Wall.TotalMilliseconds)):F1}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"aggregator {result.AggregatorRecords:F0} {result.AggregatorPeak:F1}"));
    }
}
