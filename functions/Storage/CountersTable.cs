using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>
/// The Counters table: items with many numbers as top-level attributes, and for each stream shard a sealed checkpoint, the position up
/// to which the shard has been counted into the item. Numbers and checkpoint change in one conditional write, so nothing can be
/// counted twice or skipped (I3).
/// </summary>
internal sealed class CountersTable(IAmazonDynamoDB dynamoDb, string name) : Table(dynamoDb, name)
{
    public const string Metric = "metric";
    public const string Group = "group";
    public const string ExpiresAt = Items.ExpiresAt;

    /// <summary>The first character of the names of checkpoint attributes. No number's name begins with it.</summary>
    public const char CheckpointMark = '@';

    /// <summary>
    /// The most counter items that one transaction changes: DynamoDB's limit of 100 actions, minus one for the marker item.
    /// </summary>
    public const int MaxItemsOfRecord = 99;

    private const string Data = "data";
    private const string Parts = "parts";

    /// <summary>
    /// Changes an item's numbers and a checkpoint together, if the checkpoint is the one last seen. Throws
    /// <see cref="StoreUnavailableException"/>; it is then unknown whether the item has changed.
    /// </summary>
    /// <param name="checkpoint">The name of the checkpoint's attribute.</param>
    /// <param name="expected">The checkpoint last seen; null when the item must have none.</param>
    /// <param name="mustBeNew">Whether the item must not exist yet.</param>
    /// <param name="wantsItem">Whether to return the item's new state.</param>
    /// <param name="expiresAt">When the item expires; null for counters over all users, which do not.</param>
    /// <param name="policyHash">The policy under which the item was last counted; the log keeps it for each event.</param>
    public async Task<CounterWrite> Write(
        CounterKey key, CounterUpdate change, string checkpoint, CheckpointValue next, CheckpointValue? expected, bool mustBeNew,
        bool wantsItem,
        DateTimeOffset? expiresAt, byte[] policyHash)
    {
        var update = new UpdateBuilder();
        foreach (var (attribute, amount) in change.Added) update.Add(attribute, amount);
        foreach (var (attribute, time) in change.Latest) update.Set(attribute, Attributes.Number(time));
        update.Set(checkpoint, next.Stored).Set(Policy, Attributes.Bytes(policyHash));
        var condition = mustBeNew ? $"attribute_not_exists({Metric})" : expected is null ? "attribute_not_exists(#c)" : "#c = :c";
        // DynamoDB refuses a name that no expression uses.
        if (!mustBeNew) update.With("c", checkpoint, expected?.Stored);
        var request = update.Build(Name, KeyOf(key), condition, expiresAt);
        if (wantsItem) request.ReturnValues = ReturnValue.ALL_NEW;
        try
        {
            var answer = await Store.Call(() => DynamoDb.UpdateItemAsync(request));
            return new(CounterWriteOutcome.Done, wantsItem ? State(answer.Attributes, checkpoint) : null);
        }
        catch (ConditionalCheckFailedException e)
        {
            return new(CounterWriteOutcome.Refused, e.Item is { Count: > 0 } found ? State(found, checkpoint) : null);
        }
        catch (AmazonDynamoDBException e) when (
            e.ErrorCode == "ValidationException" && e.Message.Contains("item size", StringComparison.OrdinalIgnoreCase))
        {
            return new(CounterWriteOutcome.Full);
        }
    }

    /// <summary>
    /// Adds numbers to several items and writes the marker item <paramref name="mark"/>, all in one transaction, unless the marker exists.
    /// Throws <see cref="StoreUnavailableException"/>; it is then unknown whether they have changed.
    /// </summary>
    /// <returns>
    /// The item that would have exceeded DynamoDB's size limit; nothing has changed then. Null when everything is counted, now or before.
    /// </returns>
    public async Task<CounterKey?> AddOnce(
        CounterKey mark, DateTimeOffset markExpiresAt, IReadOnlyDictionary<CounterKey, Dictionary<string, long>> items,
        Func<CounterKey, DateTimeOffset?> expiry,
        byte[] policyHash)
    {
        CounterKey[] keys = [.. items.Keys];
        var updates = keys.Select(key =>
        {
            var update = new UpdateBuilder().Set(Policy, Attributes.Bytes(policyHash));
            foreach (var (attribute, amount) in items[key]) update.Add(attribute, amount);
            return update.Build(Name, KeyOf(key), null, expiry(key));
        }).Prepend(new UpdateBuilder().With("k", Metric, null).Build(Name, KeyOf(mark), "attribute_not_exists(#k)", markExpiresAt));
        try
        {
            await Store.Call(() => Items.UpdateAll(DynamoDb, updates));
            return null;
        }
        catch (TransactionCanceledException e)
        {
            var reasons = e.CancellationReasons ?? [];
            if (reasons is [{ Code: "ConditionalCheckFailed" }, ..]) return null;
            var full = reasons.FindIndex(reason => reason.Code == "ValidationError");
            // Any other reason is temporary: a conflict with another transaction, or throttling.
            return full > 0 ? keys[full - 1] : throw new StoreUnavailableException(e);
        }
    }

    /// <summary>Sets a number unless the item has one that is as large or larger. Throws <see cref="StoreUnavailableException"/>.</summary>
    public Task Raise(CounterKey key, string attribute, long number, DateTimeOffset? expiresAt, byte[] policyHash)
    {
        var update = new UpdateBuilder().Set(attribute, Attributes.Number(number)).Set(Policy, Attributes.Bytes(policyHash))
            .With("a", attribute, Attributes.Number(number));
        return IfItHolds(() => DynamoDb.UpdateItemAsync(update.Build(Name, KeyOf(key), "attribute_not_exists(#a) OR #a < :a", expiresAt)));
    }

    /// <summary>Reads all items of a metric: one query, with a page for each MB.</summary>
    public async IAsyncEnumerable<CounterItem> Read(string metric)
    {
        await foreach (var page in Pages(Query(Metric, metric)))
        {
            foreach (var item in page.Items ?? []) yield return CounterItem.Of(item);
        }
    }

    /// <summary>
    /// Deletes all items of a metric; false when there was not enough time. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> Erase(string metric, Func<bool> hasTime) => Items.DeleteAll(DynamoDb, QueryKeys(Metric, metric, Group), hasTime);

    /// <summary>Passes all numbers of a metric to the sink as numbers of one day, a page at a time.</summary>
    /// <param name="gate">Held while the sink is called.</param>
    /// <param name="consistent">Whether to include what was written a moment ago, at twice the price.</param>
    public async Task Read(string metric, int day, Lock gate, CounterSink sink, bool consistent = false)
    {
        var request = Query(Metric, metric);
        request.ConsistentRead = consistent;
        await foreach (var page in Pages(request))
        {
            lock (gate)
            {
                foreach (var item in page.Items ?? [])
                {
                    var group = item[Group].S;
                    foreach (var (attribute, value) in item)
                    {
                        if (value.N is not null && attribute != ExpiresAt) sink(group, attribute, [new DayCount(day, value.ToLong())]);
                    }
                }
            }
        }
    }

    /// <summary>The metrics of those of the items that exist. Each of the items has a different metric.</summary>
    public async Task<IReadOnlySet<string>> Existing(IReadOnlyList<CounterKey> keys) =>
        (await Items.Get(DynamoDb, Name, keys.Select(KeyOf), Metric)).Select(item => item[Metric].S).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether nothing has been counted yet.</summary>
    public async Task<bool> IsEmpty() =>
        (await Store.Call(() => DynamoDb.ScanAsync(
            new ScanRequest { TableName = Name, Limit = 1, ProjectionExpression = Metric }))).Count is null or 0;

    /// <summary>How many items a metric has.</summary>
    public async Task<long> Count(string metric)
    {
        var request = Query(Metric, metric);
        request.Select = Select.COUNT;
        var count = 0L;
        await foreach (var page in Pages(request)) count += page.Count ?? 0;
        return count;
    }

    /// <summary>
    /// Removes the checkpoints from all items of a metric for which no more records can arrive. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task RemoveCheckpoints(string metric)
    {
        await foreach (var page in Pages(Query(Metric, metric)))
        {
            await Parallel.ForEachAsync(page.Items ?? [], async (item, _) =>
            {
                string[] checkpoints = [.. item.Keys.Where(attribute => attribute[0] == CheckpointMark)];
                if (checkpoints.Length == 0) return;
                var key = KeyOf(new CounterKey(item[Metric].S, item[Group].S));
                var update = new UpdateBuilder().Remove(checkpoints);
                await IfItHolds(() => DynamoDb.UpdateItemAsync(update.Build(Name, key, $"attribute_exists({Metric})", null)));
            });
        }
    }

    /// <summary>Passes a month's packed counters to the sink; false when the month has not been packed completely.</summary>
    /// <param name="gate">Held while the sink is called.</param>
    public async Task<bool> ReadMonth(string kind, DateOnly month, Lock gate, CounterSink sink)
    {
        var parts = new List<Stream>();
        var expected = 1L;
        await foreach (var page in Pages(Query(Metric, MonthRollup.KeyOf(kind, month).Metric)))
        {
            foreach (var item in page.Items ?? [])
            {
                parts.Add(item[Data].B);
                expected = Math.Max(expected, item.NumberOrNull(Parts) ?? 0);
            }
        }

        if (parts.Count < expected) return false;
        lock (gate)
        {
            foreach (var part in parts) MonthRollup.Unpack(part, month, sink);
        }

        return true;
    }

    /// <summary>
    /// Stores a packed month. Two runs that pack it at the same time write the same bytes. The first part is written last: when it
    /// exists, all parts exist.
    /// </summary>
    public async Task Save(string kind, MonthRollup rollup, byte[] policyHash)
    {
        var parts = rollup.Pack();
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var item = KeyOf(MonthRollup.KeyOf(kind, rollup.Month, i));
            item[Data] = Attributes.Bytes(parts[i]);
            item[Parts] = Attributes.Number(parts.Count);
            await Store.Call(() => DynamoDb.PutItemAsync(Items.PutCounter(Name, item, policyHash)));
        }
    }

    /// <summary>Stores final numbers, by attribute, as a separate item.</summary>
    public async Task Save(CounterKey key, IReadOnlyDictionary<string, long> numbers, byte[] policyHash)
    {
        var item = KeyOf(key);
        foreach (var (attribute, number) in numbers) item[attribute] = Attributes.Number(number);
        await Store.Call(() => DynamoDb.PutItemAsync(Items.PutCounter(Name, item, policyHash)));
    }

    /// <summary>
    /// Reads items of different metrics, by metric, 100 per request. Items that do not exist are left out. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, CounterItem>> Get(IEnumerable<CounterKey> keys)
    {
        var items = await Items.Get(DynamoDb, Name, keys.Select(KeyOf), null, consistent: false);
        return items.Select(CounterItem.Of).ToDictionary(item => item.Metric, StringComparer.Ordinal);
    }

    private static CounterState State(Dictionary<string, AttributeValue> item, string checkpoint) =>
        new(CounterItem.NumbersOf(item), item.TryGetValue(checkpoint, out var value) ? CheckpointValue.Of(value) : null);

    private static Dictionary<string, AttributeValue> KeyOf(CounterKey key) =>
        new() { [Metric] = Attributes.Text(key.Metric), [Group] = Attributes.Text(key.Group) };
}
