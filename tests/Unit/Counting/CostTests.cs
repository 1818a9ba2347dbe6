using Xunit.Abstractions;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// The cost of counting in write units, log and counters together, computed from the sizes of all written items, including refused writes,
/// with four stream shards (the number with which an on-demand table begins) and the template's windows. A window costs the same for few
/// aggregated calls as for many (up to one write unit per service and shard), so their goal is set for at least 200 concurrent sessions.
/// </summary>
[Trait("Speed", "Seconds")]
public sealed class CostTests
{
    private const int ProSessions = 50;
    private const int CommunitySessions = 200;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    private readonly ITestOutputHelper output;

    public CostTests(ITestOutputHelper output) => this.output = output;

    // The second figure is for the worst case: no Aggregator remembers anything, as if each batch started a new process.
    [Theory]
    [InlineData(false, 150)]
    [InlineData(true, 250)]
    public async Task A_thousand_pro_events_in_batches_of_20_cost_at_most_150_write_units(bool alwaysCold, int most)
    {
        using var bench = new CostBench(alwaysCold);
        await bench.Register(ProSessions);
        var events = 0;
        var sums = await bench.Measure(ProSessions, TimeSpan.FromSeconds(10), Length, async session =>
        {
            events += 20;
            await bench.Post(Enumerable.Range(0, 20).Select(_ => bench.Call(session)));
        });
        Report(sums, events, "Pro events");
        Assert.InRange(sums.Units * 1000.0 / events, 1, most);
    }

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 7)]
    public async Task A_thousand_aggregated_community_calls_cost_at_most_5_write_units(bool alwaysCold, int most)
    {
        using var bench = new CostBench(alwaysCold);
        var calls = 0L;
        var sums = await bench.Measure(CommunitySessions, TimeSpan.FromSeconds(60), Length, async session =>
        {
            var entries = bench.Entries(session, 20);
            calls += entries.Sum(entry => entry.Count);
            await bench.Post([bench.Counts(session, entries)]);
        });
        Report(sums, calls, "aggregated calls");
        Assert.InRange(sums.Units * 1000.0 / calls, 0.1, most);
    }

    private void Report(CostSums sums, long events, string what) => output.WriteLine(FormattableString.Invariant(
        $"{sums.Units * 1000.0 / events:F2} write units for 1,000 {what}, {sums.Refused * 1000.0 / events:F2} of them for refused writes"));
}
