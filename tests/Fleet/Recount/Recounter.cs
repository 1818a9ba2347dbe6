using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Counting;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Tests.Fleet.Recount;

/// <summary>
/// Adds up again, from the log and the sessions themselves, what a day's counters must be, and compares. For when a stream was stopped for more than
/// a day and records were lost from it. It reads everything and changes nothing.
/// </summary>
/// <remarks>
/// It can know only what is still there: anonymous items are kept for two days, sessions and their calls as long as their retention says, and what
/// was erased is gone. A counter above the recount can so be right, one below it cannot.
/// </remarks>
/// <param name="stack">The tables are <c>stack-events</c>, <c>stack-sessions</c> and <c>stack-counters</c>.</param>
/// <param name="fingerprints">The deployment's; with another secret the distinct machines differ, and nothing else.</param>
internal sealed class Recounter(IAmazonDynamoDB dynamoDb, string stack, Fingerprints fingerprints)
{
    private static readonly string[] Kinds = ["requests", "cli", "features", "ledger", "sessions", "machines"];

    /// <summary>Numbers compared in the last run.</summary>
    public int Compared { get; private set; }

    /// <summary>One line for each number of this day that is not what the log says; <c>day</c> is <c>2026-11-22</c>.</summary>
    public async Task<IReadOnlyList<string>> Differences(string day)
    {
        var recounted = new Dictionary<(string Metric, string Group, string Attribute), long>();
        foreach (var table in new[] { "events", "sessions" })
        {
            await foreach (var item in Scan($"{stack}-{table}")) Add(recounted, Increments(item), day);
        }

        var counted = await Counted(recounted.Keys.Select(key => key.Metric).Where(metric => metric.StartsWith("stack#", StringComparison.Ordinal)), day);
        var keys = recounted.Keys.Union(counted.Keys).Order().ToList();
        Compared = keys.Count;
        return [.. keys.Where(key => counted.GetValueOrDefault(key) != recounted.GetValueOrDefault(key)).Select(key => string.Create(
            CultureInfo.InvariantCulture,
            $"{key.Metric} {key.Group} {key.Attribute}: counted {counted.GetValueOrDefault(key)}, the log says {recounted.GetValueOrDefault(key)}"))];
    }

    // The same code that counts records of the streams; the counter shard is nothing to a recount.
    private List<Increment> Increments(Dictionary<string, AttributeValue> item)
    {
        var image = item.ToDictionary(a => a.Key, a => Convert(a.Value));
        return StreamImage.Increments(new DynamoDBEvent.StreamRecord { NewImage = image }, 0, fingerprints) ?? [];
    }

    private static void Add(Dictionary<(string, string, string), long> sums, List<Increment> increments, string day)
    {
        foreach (var (key, attribute, amount) in increments)
        {
            // A session's item tells the last day on which it was active, and no other.
            if (attribute == CounterAttributes.Active) continue;
            var ofSession = key.Metric.StartsWith("stack#", StringComparison.Ordinal);
            // A session's total has no day; when it was last seen is no sum.
            if (ofSession ? !key.Group.StartsWith(day, StringComparison.Ordinal) : !key.Metric.EndsWith(day, StringComparison.Ordinal)) continue;
            var name = (key.Metric, Unsharded(key.Metric, key.Group), attribute);
            sums[name] = sums.GetValueOrDefault(name) + amount;
        }
    }

    private async Task<Dictionary<(string Metric, string Group, string Attribute), long>> Counted(IEnumerable<string> sessions, string day)
    {
        var counters = new CountersTable(dynamoDb, stack + "-counters");
        var sums = new Dictionary<(string, string, string), long>();
        foreach (var metric in Kinds.Select(kind => CounterKey.DayMetric(kind, day)).Concat(sessions.Distinct()))
        {
            await foreach (var item in counters.Read(metric))
            {
                // How many machines a day had, kept when it is over, is counted from the marks and not from the log.
                if (item.Group == CounterKey.MachinesOf(day).Group) continue;
                if (metric.StartsWith("stack#", StringComparison.Ordinal) && !item.Group.StartsWith(day, StringComparison.Ordinal)) continue;
                foreach (var (attribute, number) in item.Numbers.Where(n => n.Key is not (CounterAttributes.Unreadable or CounterAttributes.Active)))
                {
                    var name = (metric, Unsharded(metric, item.Group), attribute);
                    sums[name] = sums.GetValueOrDefault(name) + number;
                }
            }
        }

        return sums;
    }

    private static string Unsharded(string metric, string group)
    {
        if (metric.StartsWith("ledger#", StringComparison.Ordinal)) return "";
        return metric.StartsWith("machines#", StringComparison.Ordinal) || metric.StartsWith("stack#", StringComparison.Ordinal) ? group : group[..group.LastIndexOf('#')];
    }

    private async IAsyncEnumerable<Dictionary<string, AttributeValue>> Scan(string table)
    {
        var request = new ScanRequest { TableName = table, ConsistentRead = true };
        do
        {
            var page = await dynamoDb.ScanAsync(request);
            foreach (var item in page.Items ?? []) yield return item;
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    private static DynamoDBEvent.AttributeValue Convert(AttributeValue value) => new()
    {
        S = value.S, N = value.N, B = value.B, BOOL = value.BOOL, M = value.M?.ToDictionary(m => m.Key, m => Convert(m.Value)),
    };
}
