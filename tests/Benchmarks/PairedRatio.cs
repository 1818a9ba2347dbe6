using System.Diagnostics;
using System.Globalization;

namespace Collector.Benchmarks;

/// <summary>
/// Parses and cleans each batch of <see cref="CleaningBenchmarks"/> in turn, about a tenth of a millisecond each, and prints the median of
/// the ratios. On a busy machine, a slow moment affects both, which would not be so if one were measured after the other.
/// </summary>
internal static class PairedRatio
{
    // Repetitions of each for one pair: shorter than a time slice, and long enough for the clock.
    private const int Repeats = 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    public static void Run()
    {
        foreach (var batch in CleaningBenchmarks.Batches)
        {
            var cost = Of(batch);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{batch,-10} {cost.Ratio:F2} times parsing; fastest {cost.Clean:F1} µs, parsing {cost.Parse:F1} µs, {cost.Bytes} bytes allocated"));
        }
    }

    /// <summary>The median of the ratios, the fastest time of each in microseconds, and the bytes that cleaning allocates.</summary>
    public static (double Ratio, double Clean, double Parse, long Bytes) Of(string batch)
    {
        var benchmarks = new CleaningBenchmarks { Batch = batch };
        benchmarks.Prepare();
        _ = Pairs(benchmarks, WarmUp);
        var pairs = Pairs(benchmarks, Measured);
        var ratios = pairs.Select(pair => pair.Clean / pair.Parse).Order().ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = benchmarks.Clean();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return (ratios[ratios.Length / 2], pairs.Min(pair => pair.Clean), pairs.Min(pair => pair.Parse), bytes);
    }

    // In microseconds per batch.
    private static List<(double Parse, double Clean)> Pairs(CleaningBenchmarks benchmarks, TimeSpan time)
    {
        var pairs = new List<(double Parse, double Clean)>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
            pairs.Add((Microseconds(benchmarks.Parse), Microseconds(benchmarks.Clean)));
        return pairs;
    }

    private static double Microseconds(Func<int> action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Repeats; i++)
            _ = action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Repeats;
    }
}
