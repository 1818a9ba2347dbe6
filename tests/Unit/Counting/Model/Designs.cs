using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Counting;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Tests.Model;

/// <summary>The design under test, and two that miscount: cases that detect their faults would detect the same faults in ours.</summary>
internal static class Designs
{
    /// <summary>The real design.</summary>
    public static Count Checkpoints(IAmazonDynamoDB client) => (shard, records) => New(client, null).Count(shard, records);

    /// <summary>The real design, which also remembers earlier deliveries, some of which failed.</summary>
    public static Func<IAmazonDynamoDB, Count> Remembering()
    {
        var remembered = new KnownItems();
        return client => (shard, records) => New(client, remembered).Count(shard, records);
    }

    private static Aggregator New(IAmazonDynamoDB client, KnownItems? remembered) => new(
        new CountersTable(client, CaseRunner.Table), new CheckpointSeal(new Fingerprints("the secret of the model")), new byte[32], _ =>
            null, (trouble, _) =>
        {
            if (trouble != CountingTrouble.ItemFull) throw new InvalidOperationException(trouble.ToString());
        }, remembered);

    /// <summary>One <c>ADD</c> per event, as an ingest function might do it.</summary>
    public static Count AddPerEvent(IAmazonDynamoDB client) => async (_, records) =>
    {
        foreach (var record in records)
        {
            foreach (var increment in record.Increments)
            {
                if (!await Add(client, increment.Key, [new(increment.Attribute, increment.Amount)])) return record;
            }
        }

        return null;
    };

    /// <summary>Sums a batch into few updates, like the real design, but keeps no checkpoint.</summary>
    public static Count FoldWithoutCheckpoints(IAmazonDynamoDB client) => async (_, records) =>
    {
        var failed = false;
        foreach (var item in records.SelectMany(record => record.Increments).GroupBy(increment => increment.Key))
        {
            var amounts = item.GroupBy(i => i.Attribute).Select(g => KeyValuePair.Create(g.Key, g.Sum(i => i.Amount))).ToList();
            failed |= !await Add(client, item.Key, amounts);
        }

        return failed ? records[0] : null;
    };

    private static async Task<bool> Add(IAmazonDynamoDB client, CounterKey key, IReadOnlyCollection<KeyValuePair<string, long>> amounts)
    {
        var update = new UpdateBuilder();
        foreach (var (attribute, amount) in amounts) update.Add(attribute, amount);
        try
        {
            var request = update.Build(CaseRunner.Table, new() { [CountersTable.Metric] = Attributes.Text(key.Metric),
            [CountersTable.Group] = Attributes.Text(key.Group) }, null, null);
            await Store.Call(() => client.UpdateItemAsync(request));
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
