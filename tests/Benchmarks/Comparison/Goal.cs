using System.Globalization;

namespace Collector.Benchmarks.Comparison;

/// <summary>A figure with its limit (at most or at least) and its measured value.</summary>
internal sealed record Goal(string What, double Limit, bool AtMost, double Measured, string Remark = "")
{
    public bool IsMet => AtMost ? Measured <= Limit : Measured >= Limit;

    /// <summary>The collector's goals, as far as its peers were measured.</summary>
    public static IEnumerable<Goal> Of(ComparisonResult result)
    {
        var ours = result.Ours;
        var wall = ours.Sessions.Concat(ours.FirstBatches).Select(cost => cost.Wall.TotalMilliseconds).ToList();
        var node = result.Named("Node.js");
        if (node is not null) yield return new(
            "processor time of a cold start (session and first batch), ratio to Node.js", 0.11, true, ours.ColdCpu / node.ColdCpu);
        yield return new("cold start, elapsed time, p50, ms", 30, true, Comparison.Measured.Quantile(wall, 0.5));
        yield return new("cold start, elapsed time, p99, ms", 60, true, Comparison.Measured.Quantile(wall, 0.99));
        if (node is not null) yield return Warm(result, node, 4);
        if (result.Named("Python") is { } python) yield return Warm(result, python, 10);
        yield return new("peak memory, warm, MB", 40, true, ours.WarmPeak);
        yield return new("peak memory, cold, MB", 25, true, ours.ColdPeak);
    }

    private static Goal Warm(ComparisonResult result, Measured peer, double limit) => new(
        $"warm requests per processor second, ratio to {peer.Peer.Name}", limit, false, result.Ours.WarmRate / peer.WarmRate,
        result.Named(peer.Peer.Remembering().Name) is { } remembering
            ? string.Create(
                CultureInfo.InvariantCulture, $" ({result.Ours.WarmRate / remembering.WarmRate:F1} with its remembering variant)") : "");
}
