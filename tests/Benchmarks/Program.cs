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
// In this process: the ratio to the baseline is what is looked at, and both are measured in the same run. Many iterations, shorter than a
// time slice: on a machine that has other work, those that it interrupts are outliers and the rest tells what the code costs. No means: the
// two benchmarks run one after the other, and a slow second in either would be taken for the code's.
BenchmarkSwitcher.FromAssembly(typeof(CleaningBenchmarks).Assembly).Run(args, DefaultConfig.Instance
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median, new FastestRatio())
    .HideColumns(Column.Mean, Column.Error, Column.StdDev, Column.Ratio, Column.RatioSD, Column.AllocRatio)
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithIterationTime(TimeInterval.FromMilliseconds(1)).WithWarmupCount(3_000).WithIterationCount(1_000).WithGcForce(false)));
