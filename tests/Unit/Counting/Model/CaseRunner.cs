using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Counting;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Tests.Model;

/// <summary>Counts a batch: null when all of it is counted, else the first record that may not be.</summary>
internal delegate Task<StreamRecord?> Count(StreamShard shard, IReadOnlyList<StreamRecord> records);

/// <summary>
/// Plays Lambda's part for a case: delivers as its steps say, goes on behind what was counted and never behind what wasn't, and at the end
/// delivers what is left without faults. Then each number must be what the records say.
/// </summary>
/// <param name="design">Makes the design under test on a client.</param>
/// <param name="metric">The metric that the case's items belong to.</param>
internal sealed class CaseRunner(ICounterStore store, Func<IAmazonDynamoDB, Count> design, string metric)
{
    public const string Table = "counters";
    public const int Items = 5;

    private const int WideAttributes = 120;
    private readonly Queue<UpdateItemRequest> late = new();

    /// <summary>The number of an item, from its group.</summary>
    public static int ItemOf(string group) =>
        int.Parse(Whole(group).AsSpan("item".Length), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The group of an item, or of the item that the item's overflow item belongs to.</summary>
    public static string Whole(string group) => group.Split('~')[0];

    /// <summary>The numbers that differ from what the records say; empty when the design has counted each record once.</summary>
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
            // Lambda takes the first for lost; what the second one says is what counts.
            var second = Try(shard, delivery.Back / 2, delivery.During, []);
            await first;
            shard.Reached = await second;
            return;
        }

        shard.Reached = await first;
    }

    // Where the next delivery begins: behind the batch, at its first record that isn't counted, or where this one began.
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
            // A delivery must be able to run beside another one.
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
                // As it should be when it has been counted meanwhile.
            }
            catch (AmazonDynamoDBException e) when (e.ErrorCode == "ValidationException")
            {
                // The item has become too full for it meanwhile. Nobody waits for the answer any more, so DynamoDB's refusal reaches
                // nobody.
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

        // Sequence numbers grow, but not by one, and get longer on the way.
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
