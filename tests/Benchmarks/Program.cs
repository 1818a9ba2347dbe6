using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Collector.Benchmarks;
using Perfolizer.Horology;

// dotnet run -c Release --project tests/Benchmarks -- --filter '*'
// In this process: the ratio to the baseline is what is looked at, and both are measured in the same run. Many short iterations: on a machine that
// has other work the fastest of them, and not the mean, says what the code costs.
BenchmarkSwitcher.FromAssembly(typeof(CleaningBenchmarks).Assembly).Run(args, DefaultConfig.Instance
    .AddColumn(StatisticColumn.Min)
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(50)).WithWarmupCount(30).WithIterationCount(60)));
