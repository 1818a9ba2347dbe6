using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Collector.Benchmarks;
using Collector.Benchmarks.Comparison;
using Perfolizer.Horology;

// dotnet run -c Release --project tests/Benchmarks -- ratio
if (args is ["ratio"])
{
    PairedRatio.Run();
    return;
}

// dotnet run -c Release --project tests/Benchmarks -- compare before=a/bootstrap after=b/bootstrap,DOTNET_GCgen0size=0x400000
if (args is ["compare", .. var named])
{
    await PairedExecutables.Run(named, TimeProvider.System);
    return;
}

// infra/bench.sh
if (args is ["peers", .. var options])
{
    await new BenchmarkReport(ComparisonOptions.Parse(options), Console.Out, TimeProvider.System).Run();
    return;
}

// dotnet run -c Release --project tests/Benchmarks -- --filter '*'
// Runs in this process: the result is the ratio to the baseline, and both are measured in the same run. The iterations are many, and
// shorter than a time slice: on a busy machine the interrupted ones are outliers, and the others show the cost of the code. No means are
// shown: the two benchmarks run one after the other, and a slow second in either would be attributed to the code.
BenchmarkSwitcher.FromAssembly(typeof(CleaningBenchmarks).Assembly).Run(args, DefaultConfig.Instance
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median, new FastestRatio())
    .HideColumns(Column.Mean, Column.Error, Column.StdDev, Column.Ratio, Column.RatioSD, Column.AllocRatio)
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithIterationTime(TimeInterval.FromMilliseconds(1)).WithWarmupCount(3_000).WithIterationCount(1_000).WithGcForce(false)));
