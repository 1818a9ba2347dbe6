using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Collector.Benchmarks;
using Perfolizer.Horology;

// dotnet run -c Release --project tests/Benchmarks -- --filter '*'
// In this process: the ratio to the baseline is what is looked at, and both are measured in the same run. Many iterations, shorter than a
// time slice: on a machine that has other work, those that it interrupts are outliers and the rest tells what the code costs.
BenchmarkSwitcher.FromAssembly(typeof(CleaningBenchmarks).Assembly).Run(args, DefaultConfig.Instance
    .AddColumn(StatisticColumn.Min, new FastestRatio())
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithIterationTime(TimeInterval.FromMilliseconds(1)).WithWarmupCount(3_000).WithIterationCount(1_000).WithGcForce(false)));
