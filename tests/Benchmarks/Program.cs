using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Collector.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- --filter '*'
// In this process: the ratio to the baseline is what is looked at, and both are measured in the same run.
BenchmarkSwitcher.FromAssembly(typeof(CleaningBenchmarks).Assembly).Run(
    args, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
