namespace Collector.Benchmarks.Comparison;

/// <summary>The measurements of one peer, round by round.</summary>
internal sealed class Measured(Peer peer)
{
    public Peer Peer { get; } = peer;

    /// <summary>New processes that answer <c>POST /session</c>.</summary>
    public List<Cost> Sessions { get; } = [];

    /// <summary>New processes that answer a first batch of 20 calls.</summary>
    public List<Cost> FirstBatches { get; } = [];

    /// <summary>Warm processes that answer batches of 20 calls.</summary>
    public List<Cost> Warm { get; } = [];

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }

    /// <summary>Processor milliseconds of a cold start: one session plus one first batch.</summary>
    public double ColdCpu => Median(Sessions.Select(cost => cost.Cpu.TotalMilliseconds))
        + Median(FirstBatches.Select(cost => cost.Cpu.TotalMilliseconds));

    public double ColdPeak => Math.Max(
        Median(Sessions.Select(cost => cost.PeakMegabytes)), Median(FirstBatches.Select(cost => cost.PeakMegabytes)));

    public double WarmRate => Median(Warm.Select(cost => cost.RequestsPerCpuSecond));

    public double WarmPeak => Median(Warm.Select(cost => cost.PeakMegabytes));

    /// <summary>Adds cold starts of both functions.</summary>
    public async Task AddCold(Run run, Invocation session, Invocation batch)
    {
        Sessions.Add(await run.Cold(Peer, "Session", session));
        FirstBatches.Add(await run.Cold(Peer, "Events", batch));
    }

    public async Task AddWarm(Run run, Invocation[] batches, TimeSpan warmUp, TimeSpan measured) =>
        Warm.Add(await run.Warm(Peer, "Events", number => batches[number % batches.Length], warmUp, measured));
}
