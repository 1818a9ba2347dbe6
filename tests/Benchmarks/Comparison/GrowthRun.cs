using System.Diagnostics;
using System.Globalization;
using System.Text;
using Collector.Redaction;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// Processor time per event while something else grows: the size of a batch, the sessions, the different operations, the days counted
/// before, the lists of known names.
/// </summary>
internal sealed class GrowthRun(ComparisonOptions options, TimeProvider time)
{
    private const int Rounds = 3;
    private static readonly int[] Factors = [1, 10, 100];

    private readonly Peer ours = Peer.Ours("This collector", options.Executable);

    public async Task<IReadOnlyList<GrowthSeries>> Measure()
    {
        using var dynamoDb = new DynamoDbStub(time);
        var run = new Run(dynamoDb, time);
        return
        [
            await Series("events in a batch", "µs per event", 20, size => Ingest(run, size, 20)),
            await Series("sessions that send", "µs per event", 40, size => Ingest(run, 20, size)),
            await Series("different operations", "µs per count, stored and counted", 6, size => Operations(run, size)),
            await Series("earlier days counted", "µs per record of 20 events", 1, size => Days(run, size)),
            await Series("names in a catalog", "ns per look-up", 240, LookUp),
        ];
    }

    // Each round covers all sizes, so that a slow minute of the machine affects all of them.
    private static async Task<GrowthSeries> Series(string what, string unit, int smallest, Func<int, Task<double>> measure)
    {
        var costs = Factors.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Factors.Length; i++) costs[i].Add(await measure(smallest * Factors[i]));
        }

        return new GrowthSeries(what, unit, [.. Factors.Select((factor, i) => (smallest * factor, Measured.Median(costs[i])))]);
    }

    private async Task<double> Ingest(Run run, int calls, int sessions)
    {
        var batches = SentEvents.Batches(Math.Max(sessions, Math.Max(4, 2_000 / calls)), calls, time, sessions);
        return Microseconds(await Warm(run, "Events", number => batches[number % batches.Length])) / calls;
    }

    private async Task<double> Operations(Run run, int operations)
    {
        const int counts = 20;
        const int records = 100;
        var requests = SentEvents.Counts(200, operations, time);
        var stored = await Warm(run, "Requests", number => requests[number % requests.Length]);
        var stream = await StreamBatches.Record(ours, "Requests", requests, records, time);
        return (Microseconds(stored) / counts) + (Microseconds(await Warm(run, "Aggregator", stream.Batch)) / records / counts);
    }

    private async Task<double> Days(Run run, int days)
    {
        const int records = 100;
        var stream = await StreamBatches.Record(ours, "Events", SentEvents.Batches(200, 20, time), records, time);
        var counted = await Warm(run, "Aggregator", number => stream.Batch(number, Math.Max(0, days - 1 - number)));
        return Microseconds(counted) / records;
    }

    private Task<Cost> Warm(Run run, string handler, Func<int, Invocation> events) =>
        run.Warm(ours, handler, events, options.WarmUp * 0.7, options.Warm / 2);

    private static double Microseconds(Cost cost) => 1_000_000 / cost.RequestsPerCpuSecond;

    // In this process, with a list that is not embedded in the executable.
    private static Task<double> LookUp(int names)
    {
        const int times = 2_000_000;
        var words = Enumerable.Range(0, names).Select(i => string.Create(CultureInfo.InvariantCulture, $"product-{i * 7919 % names}"))
            .ToArray();
        var sorted = words.Order(StringComparer.Ordinal);
        var list = new HashedLines(SortedLines.From(new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(sorted.Select(w => w + "\n"))))));
        var found = 0;
        for (var i = 0; i < times / 4; i++) found += list.Contains(words[i % names]) ? 1 : 0;
        var start = Stopwatch.GetTimestamp();
        // Most look-ups are for a few of a list's names.
        for (var i = 0; i < times; i++) found += list.Contains(words[i % 200]) ? 1 : 0;
        var elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds / times;
        return found > 0 ? Task.FromResult(elapsed) : throw new InvalidOperationException("no name was found");
    }
}
