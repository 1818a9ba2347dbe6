using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Local.Demo;

/// <summary>
/// The counts of the year before the demo, which the page needs for trends, comparisons and the public summary. Past days cannot be sent
/// over HTTP, so the metrics' own code computes each day's counters, and they are written in the form that the daily job gives them.
/// </summary>
internal sealed class DemoHistory(Uri dynamoDb, string countersTable, TimeProvider time)
{
    private const int Days = 365;
    private const int AtATime = 32;

    // No stream shard has this number, so later counts do not change these counters.
    private const int CounterShard = 9_999;

    // The number of calls in one event of counts.
    private const int CallsOfAnEvent = 50;

    private static readonly IReadOnlyDictionary<string, long> Nothing = new Dictionary<string, long>();

    // Each version replaces the previous one after a quarter of a year.
    private static readonly string[] Releases = ["4.9.2", "2026.1.0", "2026.2.4", "2026.3.0", "2026.3.1"];

    private readonly Fingerprints noFingerprints = Fingerprints.None;

    /// <summary>Writes the year, unless counters already exist.</summary>
    public async Task Write(CancellationToken stop)
    {
        using var client = new AmazonDynamoDBClient(
            new BasicAWSCredentials("local", "local"),
            new AmazonDynamoDBConfig { ServiceURL = dynamoDb.ToString(), AuthenticationRegion = Template.TemplateValues.Region });
        var counters = new CountersTable(client, countersTable);
        if (!await counters.IsEmpty()) return;
        var policyHash = CollectionPolicy.Load(new PolicySwitches(true, [], new Dictionary<string, int>()), noFingerprints).HashBytes;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = today.AddDays(-Days);
        foreach (var month in ClosedDays.Months(first, today.AddDays(-1)))
        {
            stop.ThrowIfCancellationRequested();
            var last = month.AddMonths(1).AddDays(-1) < today ? month.AddMonths(1).AddDays(-1) : today.AddDays(-1);
            var days = ClosedDays.Days(month < first ? first : month, last).ToDictionary(day => day, day => Numbers(day, today));
            // The daily job packs whole months, and keeps their days for short periods.
            if (ClosedDays.IsMonthClosed(month, today)) await Pack(counters, month, days, policyHash);
            await WriteDays(counters, days.Values, policyHash, stop);
        }
    }

    private static async Task Pack(
        CountersTable counters, DateOnly month, Dictionary<DateOnly, Dictionary<CounterKey, Dictionary<string, long>>> days,
        byte[] policyHash)
    {
        foreach (var metric in AllMetrics.ShownByDay)
        {
            var rollup = new MonthRollup(month);
            foreach (var (day, items) in days)
            {
                foreach (var (key, numbers) in items.Where(item => AllMetrics.Of(item.Key) == metric))
                {
                    foreach (var (attribute, number) in numbers) rollup.Add(key.Group, attribute, new DayCount(day.DayNumber, number));
                }
            }

            await counters.Save(metric.Name, rollup, policyHash);
        }
    }

    private static Task WriteDays(
        CountersTable counters, IEnumerable<Dictionary<CounterKey, Dictionary<string, long>>> days, byte[] policyHash,
        CancellationToken stop) => Parallel.ForEachAsync(
            days.SelectMany(day => day), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop },
            async (item, _) => await counters.Save(item.Key, item.Value, policyHash));

    private Dictionary<CounterKey, Dictionary<string, long>> Numbers(DateOnly date, DateOnly today)
    {
        var random = new Random(date.DayNumber);
        var day = Day.Of(date);
        var noon = new DateTimeOffset(date, new TimeOnly(12, 0), TimeSpan.Zero);
        var increments = new List<Increment>();
        foreach (var (entry, times) in Usage(date, today, random)) increments.AddRange(
            Times(Increments.OfAnonymous(entry, noon, CounterShard), times));
        var sessions = 0L;
        foreach (var (session, times) in Sessions(date, today, noon, random))
        {
            increments.AddRange(Times(Increments.OfSession(session, CounterShard, noFingerprints), times));
            sessions += times;
        }

        var active = new List<Increment>();
        SessionMetric.AddActive(day, CounterShard, active);
        increments.AddRange(Times(active, sessions + (sessions / 9)));

        var items = increments.GroupBy(increment => increment.Key).ToDictionary(
            item => item.Key,
            item => item.GroupBy(i => i.Attribute, StringComparer.Ordinal).ToDictionary(a => a.Key, a => a.Sum(i => i.Amount)));
        items[SessionMetric.MachinesOf(day)] = SessionMetric.KnownMachines(sessions / 2);
        return items;
    }

    // The log entries of a day, each with the number of times that it is sent.
    private static IEnumerable<(LogEntry Entry, long Times)> Usage(DateOnly day, DateOnly today, Random random)
    {
        var calls = DemoTraffic.Calls.SelectMany((call, i) =>
        {
            var all = Math.Max(1, (long)(call.Weight * 200 * Busy(day, random) * Trend(day, today, i)));
            // Some operations have failed more often recently.
            var share = call.Error is null ? 0 : 0.05 + (i % 4 == 1 ? 0.1 * Age(day, today) : 0);
            var failed = (long)(all * share);
            return new[]
            {
                new LoggedCount(call.Service, call.Operation, 200, all - failed),
                new LoggedCount(call.Service, call.Operation, DemoTraffic.StatusOf(call.Operation), failed),
            };
        }).Where(count => count.Count > 0).ToList();
        yield return (new LogEntry(Counts: calls), 1);
        yield return (new LogEntry(Stored: 1), calls.Sum(call => call.Count) / CallsOfAnEvent);
        for (var i = 0; i < DemoTraffic.Commands.Length; i++)
        {
            var times = (long)((90 - (12 * i)) * Busy(day, random) * Trend(day, today, i + 2));
            yield return (new LogEntry(Stored: 1, Cli: [new LoggedInvocation(DemoTraffic.Commands[i], [])]), Math.Max(1, times));
        }

        foreach (var stage in DemoTraffic.Stages)
        {
            var use = new LoggedFeature(
                "run_init", new Dictionary<string, string> { ["stage"] = stage },
                [new LoggedSum("scripts", 2), new LoggedSum("duration_ms", 200 + random.Next(900), Histogram: true)]);
            yield return (new LogEntry(Stored: 1, Features: [use]), Math.Max(1, (long)(40 * Busy(day, random) * Trend(day, today, 1))));
        }
    }

    private static IEnumerable<(RegisteredSession Session, long Times)> Sessions(
        DateOnly day, DateOnly today, DateTimeOffset noon, Random random)
    {
        var all = 500 * Busy(day, random) * Trend(day, today, 0);
        var since = (1 - ((double)(today.DayNumber - day.DayNumber) / Days)) * (Releases.Length - 1);
        for (var release = 0; release < Releases.Length; release++)
        {
            var share = Math.Max(0.02, 1 - Math.Abs(since - release)) / 1.1;
            foreach (var system in DemoTraffic.Systems.Take(4).GroupBy(system => system))
            {
                foreach (var isCi in new[] { false, true })
                {
                    var times = (long)(all * share * system.Count() / 4 * (isCi ? 0.3 : 0.7));
                    var status = isCi ? SessionStatus.Pro : SessionStatus.Community;
                    if (times > 0) yield return (
                        new RegisteredSession("", noon, status, null, system.Key, Releases[release], isCi, true, Nothing), times);
                }
            }
        }
    }

    private static IEnumerable<Increment> Times(IEnumerable<Increment> increments, long times) =>
        increments.Select(increment => increment with { Amount = increment.Amount * times });

    // There is more usage on weekdays, and it varies from day to day.
    private static double Busy(DateOnly day, Random random) =>
        (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.35 : 1) * (0.9 + (random.NextDouble() * 0.2));

    // Most usage grows, some of it fast, and some declines.
    private static double Trend(DateOnly day, DateOnly today, int place) => (place % 5) switch
    {
        0 => 0.5 + (0.5 * Age(day, today)),
        1 => 0.2 + (0.8 * Age(day, today)),
        4 => 1.6 - (0.6 * Age(day, today)),
        _ => 0.75 + (0.25 * Age(day, today)),
    };

    // From 0, a year ago, to 1, today.
    private static double Age(DateOnly day, DateOnly today) => 1 - ((double)(today.DayNumber - day.DayNumber) / Days);
}
