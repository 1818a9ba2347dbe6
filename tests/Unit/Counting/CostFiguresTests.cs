using Collector.Tests.Fleet.Scale;
using Xunit.Abstractions;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// The units in tests/Fleet/Scale/figures.json, from which docs/cost.md is computed, match the units measured here: for each tier, each
/// number of events per request, and two rates.
/// </summary>
[Trait("Speed", "Seconds")]
public sealed class CostFiguresTests(ITestOutputHelper output)
{
    // Commands and features of the same minute share a few counters, so chance plays a part; calls are exact.
    private const double Tolerance = 0.03;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(2);
    private static readonly Figures Figures = Figures.Read(Repository.Root);

    public static TheoryData<string, int, int> All()
    {
        var all = new TheoryData<string, int, int>();
        foreach (var tier in Tier.All)
        {
            foreach (var batch in Tier.Batches)
            {
                foreach (var rate in Tier.MeasuredRates) all.Add(tier.Name, batch, rate);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_measured_units_of_a_request_match_the_figures_behind_docs_cost_md(string tier, int batch, int rate)
    {
        using var bench = new CostBench();
        // Each session sends once in ten seconds, or once per window. Such a window gathers fewer requests than a full
        // batch, and costs more.
        var every = TimeSpan.FromSeconds(rate == Tier.OneByOne ? 20 : 10);
        var sessions = rate == Tier.OneByOne ? 400 : rate * 10;
        if (tier == Tier.Pro.Name) await bench.Register(sessions);
        var requests = 0;
        var calls = 0L;
        var sums = await bench.Measure(sessions, every, Length, async session =>
        {
            requests++;
            await bench.Post(Events(session));
        });
        (string What, double Measured)[] all =
        [
            ("writeUnits", (double)sums.Units / requests), ("storedBytes", (double)sums.LogBytes / requests),
            ("lineBytes", bench.LineBytes), ("counted", (double)calls / requests),
        ];
        foreach (var (what, measured) in all)
            output.WriteLine(FormattableString.Invariant($"{what}.{tier}.{batch}.{rate} {measured:F3}"));
        foreach (var (what, measured) in all.Where(one => one.What != "counted" || tier == Tier.Counts.Name))
        {
            var figure = Figures.Measured(what, tier, batch, rate);
            Assert.True(
                Math.Abs(measured - figure) <= Tolerance * measured,
                FormattableString.Invariant(
                    $"{what}.{tier}.{batch}.{rate} in figures.json is {figure}; the measured value is {measured:F3}. Enter it there and run infra/docs.sh."));
        }

        IEnumerable<string> Events(int session)
        {
            if (tier == Tier.Pro.Name) return Enumerable.Range(0, batch).Select(_ => bench.Call(session));
            if (tier == Tier.Cli.Name) return Enumerable.Range(0, batch).Select(_ => bench.Command(session));
            if (tier == Tier.Features.Name) return Enumerable.Range(0, batch).Select(_ => bench.Feature(session));
            var events = new List<string>();
            for (var i = 0; i < batch; i++)
            {
                var entries = bench.Entries(session, 20);
                calls += entries.Sum(entry => entry.Count);
                events.Add(bench.Counts(session, entries));
            }

            return events;
        }
    }
}
