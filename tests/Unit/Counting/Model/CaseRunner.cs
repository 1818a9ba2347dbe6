using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Counting;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Tests.Model;

/// <summary>Counts a batch. Returns null when all of it is counted, otherwise the first record that may not be counted.</summary>
internal delegate Task<StreamRecord?> Count(StreamShard shard, IReadOnlyList<StreamRecord> records);

/// <summary>
/// Takes Lambda's part in a case: makes the deliveries of its steps, continues after the last counted record, and at the end delivers the
/// remaining records without faults. Then each number must match the records.
/// </summary>
/// <param name="design">Creates the design under test for a client.</param>
/// <param name="metric">The metric of the case's items.</param>
internal sealed class CaseRunner(ICounterStore store, Func<IAmazonDynamoDB, Count> design, string metric)
{
    public const string Table = "counters";
    public const int Items = 5;

    private const int WideAttributes = 120;
    private readonly Queue<UpdateItemRequest> late = new();

    /// <summary>The number of an item, from its group.</summary>
    public static int ItemOf(string group) =>
        int.Parse(Whole(group).AsSpan("item".Length), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The group of an item; for an overflow item, the group of the item to which it belongs.</summary>
    public static string Whole(string group) => group.Split('~')[0];

    /// <summary>The numbers that differ from the records; empty when the design has counted each record once.</summary>
    public async Task<IReadOnlyList<string>> Differences(StreamCase example)
    {
        var shards = example.Shards.Select((records, s) => new ShardRun(
            new StreamShard("arn:aws:dynamodb:::table/model/stream/" + metric, $"shardId-{s}"),
            [.. records.Select((record, r) => Record(s, r, record))])).ToList();
        foreach (var delivery in example.Deliveries)
        {
            var shard = shards[delivery.Shard % shards.Count];
            var overdue = late.Count;
            await Deliver(shard, delivery);
            await ApplyLate(overdue);
        }

        foreach (var shard in shards)
        {
            while (shard.Reached < shard.Records.Count) await Deliver(shard, new Delivery(0, 7, 0, 0, []));
        }

        await ApplyLate(late.Count);
        return Compare(shards.SelectMany(shard => shard.Records), await store.Numbers(metric));
    }

    private async Task Deliver(ShardRun shard, Delivery delivery)
    {
        var first = Try(shard, delivery.Back, delivery.Size, delivery.Faults);
        if (delivery.During > 0)
        {
            // Lambda treats the first delivery as lost and uses the answer to the second.
            var second = Try(shard, delivery.Back / 2, delivery.During, []);
            await first;
            shard.Reached = await second;
            return;
        }

        shard.Reached = await first;
    }

    // Returns where the next delivery begins: after the batch, at its first uncounted record, or where this delivery began.
    private async Task<int> Try(ShardRun shard, int back, int size, IReadOnlyList<UpdateFault> faults)
    {
        var from = Math.Max(0, shard.Reached - back);
        var batch = shard.Records.Skip(from).Take(size).ToList();
        if (batch.Count == 0) return from;
        using var client = new FaultyClient(store, faults, request =>
        {
            lock (late) late.Enqueue(request);
        });
        try
        {
            // Deliveries must be able to run in parallel.
            return await Task.Run(() => design(client)(shard.Shard, batch)) is { } failed ? from + batch.IndexOf(failed) : from
                + batch.Count;
        }
        catch (KilledException)
        {
            return from;
        }
    }

    private async Task ApplyLate(int updates)
    {
        for (; updates > 0; updates--)
        {
            try
            {
                await store.Update(late.Dequeue());
            }
            catch (ConditionalCheckFailedException)
            {
                // This is correct when the update has been counted in the meantime.
            }
            catch (AmazonDynamoDBException e) when (e.ErrorCode == "ValidationException")
            {
                // The item has become too full in the meantime. Nothing waits for the answer any more, so DynamoDB's refusal has no effect.
            }
        }
    }

    private StreamRecord Record(int shard, int index, ModelRecord record)
    {
        var increments = record.Parts.Select(p => new Increment(Key(p.Item), $"a{p.Attribute}", p.Amount)).ToList();
        if (record.Wide)
        {
            for (var i = 0; i < WideAttributes; i++) increments.Add(new Increment(Key(0), $"w{((index % 2) * WideAttributes) + i}", 1));
        }

        // Sequence numbers grow in steps larger than one and become longer.
        return new StreamRecord(((shard + 1) * 7 + (index * 13L)).ToString(CultureInfo.InvariantCulture), increments);
    }

    private CounterKey Key(int item) => new(metric, $"item{item % Items}");

    private static List<string> Compare(IEnumerable<StreamRecord> records, Dictionary<(string Group, string Attribute), long> actual)
    {
        var expected = records.SelectMany(record => record.Increments).GroupBy(i => (i.Key.Group, i.Attribute))
            .ToDictionary(g => g.Key, g => g.Sum(i => i.Amount));
        return [.. expected.Keys.Union(actual.Keys).Order()
            .Where(key => expected.GetValueOrDefault(key) != actual.GetValueOrDefault(key))
            .Select(key => $"{key.Group}.{key.Attribute}: counted {actual.GetValueOrDefault(key)}, is {expected.GetValueOrDefault(key)}")];
    }

    private sealed class ShardRun(StreamShard shard, List<StreamRecord> records)
    {
        public StreamShard Shard => shard;

        public List<StreamRecord> Records => records;

        public int Reached { get; set; }
    }
}
