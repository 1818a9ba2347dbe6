using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Collector.Benchmarks;

/// <summary>
/// The fastest iteration over the baseline's fastest: what the code costs when nothing else goes on. The two are measured one after the
/// other, so a busy minute of the machine shifts the ratio of the means, and not this one.
/// </summary>
internal sealed class FastestRatio : BaselineCustomColumn
{
    public override string Id => nameof(FastestRatio);

    public override string ColumnName => "Fastest ratio";

    public override int PriorityInCategory => 0;

    public override bool IsNumeric => true;

    public override UnitType UnitType => UnitType.Dimensionless;

    public override string Legend => "The fastest iteration over the baseline's fastest";

    public override string GetValue(
        Summary summary, BenchmarkCase benchmarkCase, Statistics baseline, IReadOnlyDictionary<string, Metric> baselineMetrics,
        Statistics current, IReadOnlyDictionary<string, Metric> currentMetrics, bool isBaseline) =>
        (current.Min / baseline.Min).ToString("F2", CultureInfo.InvariantCulture);
}
