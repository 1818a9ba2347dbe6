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
/// Adds up a day's counters again from the log and the sessions, and compares. For use after a stream was stopped for more than a day and
/// lost records, or after the counters were restored from a backup. <see cref="Repair"/> writes the missing numbers.
/// </summary>
/// <remarks>
/// It knows only the retained items: anonymous items are kept for two days, sessions and their calls for their retention, and deleted data
/// is gone. So a counter above the recount can be right, while one below it cannot. It does not know which numbers did not fit an item and
/// were counted as other: such names differ, but their sum does not.
/// </remarks>
/// <param name="stack">The tables are <c>stack-calls</c>, <c>stack-anonymous</c>, <c>stack-sessions</c> and <c>stack-counters</c>.</param>
/// <param name="fingerprints">The deployment's; with another secret only the distinct machines differ.</param>
internal sealed class Recounter(IAmazonDynamoDB dynamoDb, string stack, Fingerprints fingerprints)
{
    private const string RepairShard = "repair";

    /// <summary>The number of values compared in the last run.</summary>
    public int Compared { get; private set; }

    /// <summary>The numbers of this day that differ from the log; <c>day</c> is <c>2026-11-22</c>.</summary>
    public async Task<IReadOnlyList<Difference>> Differences(string day)
    {
        var recounted = new Dictionary<(string Metric, string Group, string Attribute), long>();
        foreach (var table in new[] { "calls", "anonymous", "sessions" })
        {
            await foreach (var item in Scan($"{stack}-{table}")) Add(recounted, Increments(item), day);
        }

        var counted = await Counted(recounted.Keys.Select(key => key.Metric).Where(metric =>
            metric.StartsWith("stack#", StringComparison.Ordinal)), day);
        var keys = recounted.Keys.Union(counted.Keys).Order().ToList();
        Compared = keys.Count;
        return [.. keys.Select(key => new Difference(
            key.Metric, key.Group, key.Attribute, counted.GetValueOrDefault(key), recounted.GetValueOrDefault(key)))
            .Where(difference => difference.Counted != difference.Logged)];
    }

    /// <summary>
    /// Raises the counters that are below the log's numbers; counters above them may be right, and stay. Safe to repeat. The day's stream
    /// must be counted completely, because later records would be added on top. Returns how many numbers were raised.
    /// </summary>
    /// <param name="expiresAt">The expiry of new counters of sessions and machines.</param>
    public async Task<int> Repair(string day, IReadOnlyList<Difference> differences, DateTimeOffset expiresAt)
    {
        var missing = differences.Where(difference => difference.Counted < difference.Logged).ToList();
        foreach (var item in missing.GroupBy(
            difference => new CounterKey(difference.Metric, RepairGroup(difference.Metric, difference.Group))))
        {
            foreach (var part in item.Chunk(Limits.AttributesPerUpdate)) await Raise(item.Key, part, expiresAt);
        }

        // A month that was already rolled up is wrong now. Without the rollup, its days are read, and rolled up again.
        var month = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var metric in AllMetrics.ShownByDay.Where(metric => missing.Exists(difference => difference.Metric == metric.OfDay(day))))
            await ForgetMonth(MonthRollup.KeyOf(metric.Name, new DateOnly(month.Year, month.Month, 1)).Metric);
        return missing.Count;
    }

    // Sets numbers instead of adding to them, so that repeating it changes nothing.
    private async Task Raise(CounterKey key, IReadOnlyList<Difference> differences, DateTimeOffset expiresAt)
    {
        var itemKey = new Dictionary<string, AttributeValue> { [CountersTable.Metric] = new(key.Metric),
        [CountersTable.Group] = new(key.Group) };
        var item = (await dynamoDb.GetItemAsync(
            new GetItemRequest { TableName = stack + "-counters", Key = itemKey, ConsistentRead = true })).Item ?? [];
        var update = new UpdateBuilder();
        foreach (var difference in differences)
        {
            var before = item.TryGetValue(difference.Attribute, out var number) ? long.Parse(number.N, CultureInfo.InvariantCulture) : 0;
            update.Set(difference.Attribute,
                new AttributeValue { N = (before + difference.Logged - difference.Counted).ToString(CultureInfo.InvariantCulture) });
        }

        await dynamoDb.UpdateItemAsync(
            update.Build(stack + "-counters", itemKey, null, AllMetrics.Of(key).Retention is null ? null : expiresAt));
    }

    private async Task ForgetMonth(string metric)
    {
        var parts = await dynamoDb.QueryAsync(new QueryRequest
        {
            TableName = stack + "-counters",
            KeyConditionExpression = $"{CountersTable.Metric} = :metric",
            ProjectionExpression = $"{CountersTable.Metric},#group",
            ExpressionAttributeNames = new() { ["#group"] = CountersTable.Group },
            ExpressionAttributeValues = new() { [":metric"] = new(metric) },
        });
        // Without its first part, which sorts first, the whole rollup is ignored.
        foreach (var part in parts.Items ?? []) await dynamoDb.DeleteItemAsync(stack + "-counters", part);
    }

    // Uses a separate counter shard to which no Aggregator writes. Counters without shards are raised in place.
    private static string RepairGroup(string metric, string group)
    {
        if (metric.StartsWith("ledger#", StringComparison.Ordinal)) return RepairShard;
        return HasShards(metric) ? $"{group}#{RepairShard}" : group;
    }

    private static bool HasShards(string metric) =>
        !metric.StartsWith("machines#", StringComparison.Ordinal) && !metric.StartsWith("stack#", StringComparison.Ordinal);

    // The same code that counts stream records; a recount ignores the counter shard.
    private List<Increment> Increments(Dictionary<string, AttributeValue> item)
    {
        var image = item.ToDictionary(a => a.Key, a => Convert(a.Value));
        return StreamImage.Increments(new DynamoDBEvent.StreamRecord { NewImage = image }, 0, fingerprints) ?? [];
    }

    private static void Add(Dictionary<(string, string, string), long> sums, List<Increment> increments, string day)
    {
        foreach (var increment in increments)
        {
            // A session's item contains only the last day on which it was active.
            if (increment.Attribute == SessionMetric.Active) continue;
            var key = increment.Key;
            var ofSession = key.Metric.StartsWith("stack#", StringComparison.Ordinal);
            // A session's total has no day, and its last-seen time is not a sum.
            if (ofSession ? !key.Group.StartsWith(day, StringComparison.Ordinal)
                : !key.Metric.EndsWith(day, StringComparison.Ordinal)) continue;
            var name = (key.Metric, Unsharded(key.Metric, key.Group), increment.Attribute);
            sums[name] = sums.GetValueOrDefault(name) + increment.Amount;
        }
    }

    private async Task<Dictionary<(string Metric, string Group, string Attribute), long>> Counted(IEnumerable<string> sessions, string day)
    {
        var counters = new CountersTable(dynamoDb, stack + "-counters");
        var sums = new Dictionary<(string, string, string), long>();
        foreach (var metric in AllMetrics.ShownByDay.Append(SessionMetric.Machines).Select(metric => metric.OfDay(day))
            .Concat(sessions.Distinct()))
        {
            await foreach (var item in counters.Read(metric))
            {
                // The stored number of a day's machines is computed from the markers and not from the log.
                if (item.Group == SessionMetric.MachinesOf(day).Group) continue;
                if (metric.StartsWith("stack#", StringComparison.Ordinal)
                    && !item.Group.StartsWith(day, StringComparison.Ordinal)) continue;
                foreach (var (attribute, number) in item.Numbers.Where(n => n.Key is not (LedgerMetric.Unreadable or SessionMetric.Active)))
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
        return HasShards(metric) ? group[..group.LastIndexOf('#')] : group;
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
        S = value.S, N = value.N, B = value.B, BOOL = value.BOOL, SS = value.SS,
        M = value.M?.ToDictionary(m => m.Key, m => Convert(m.Value)),
    };
}
