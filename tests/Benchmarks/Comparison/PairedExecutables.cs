using System.Globalization;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// Compares builds of the collector in turn with the first of them, to show the effect of a change. Each is NAME=EXECUTABLE, with
/// variables after commas.
/// </summary>
internal static class PairedExecutables
{
    private const int Rounds = 5;
    private const int ColdPerRound = 8;

    public static async Task Run(IReadOnlyList<string> named, TimeProvider time)
    {
        using var dynamoDb = new DynamoDbStub(time);
        var run = new Run(dynamoDb, time);
        var session = SentEvents.Session(time);
        var batches = SentEvents.Batches(200, 20, time);
        var all = named.Select(one => new Measured(Parse(one))).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < ColdPerRound; i++)
            {
                foreach (var one in all) await one.AddCold(run, session, batches[0]);
            }

            foreach (var one in all) await one.AddWarm(run, batches, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5));
        }

        foreach (var one in all)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Peer.Name,-20} warm {one.WarmRate:F0}/CPU-s ({Ratio(one, all[0], o => o.Warm, c => c.RequestsPerCpuSecond):F3}), {one.WarmPeak:F1} MB; cold {one.ColdCpu:F1} ms CPU ({one.ColdCpu / all[0].ColdCpu:F3}), {Wall(one.Sessions):F1} and {Wall(one.FirstBatches):F1} ms, {one.ColdPeak:F1} MB"));
        }
    }

    private static double Wall(IEnumerable<Cost> costs) => Measured.Median(costs.Select(cost => cost.Wall.TotalMilliseconds));

    // The median of the ratios of all rounds.
    private static double Ratio(Measured one, Measured first, Func<Measured, List<Cost>> costs, Func<Cost, double> value) =>
        Measured.Median(costs(one).Zip(costs(first), (mine, theirs) => value(mine) / value(theirs)));

    private static Peer Parse(string named)
    {
        var parts = named.Split(',');
        var (name, path) = Pair(parts[0]);
        return Peer.Ours(name, path, parts.Skip(1).Select(Pair).ToDictionary(pair => pair.Name, pair => pair.Value));
    }

    private static (string Name, string Value) Pair(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (text[..at], text[(at + 1)..]) : throw new ArgumentException($"{text} is not NAME=VALUE");
    }
}
