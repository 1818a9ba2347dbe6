using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Collector.Benchmarks;

/// <summary>
/// The ratio of the fastest iteration to the baseline's fastest: the cost of the code on an idle machine. The two are measured one after
/// the other, so a busy minute changes the ratio of the means, but not this ratio.
/// </summary>
internal sealed class FastestRatio : BaselineCustomColumn
{
    public override string Id => nameof(FastestRatio);

    public override string ColumnName => "Fastest ratio";

    public override int PriorityInCategory => 0;

    public override bool IsNumeric => true;

    public override UnitType UnitType => UnitType.Dimensionless;

    public override string Legend => "The ratio of the fastest iteration to the baseline's fastest";

    public override string GetValue(
        Summary summary, BenchmarkCase benchmarkCase, Statistics baseline, IReadOnlyDictionary<string, Metric> baselineMetrics,
        Statistics current, IReadOnlyDictionary<string, Metric> currentMetrics, bool isBaseline) =>
        (current.Min / baseline.Min).ToString("F2", CultureInfo.InvariantCulture);
}
