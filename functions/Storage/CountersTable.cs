using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>
/// The Counters table: numbers only, many to an item as top-level attributes, and beside them, for each stream shard, the position up to which it has
/// been counted into the item. Numbers and position change in one conditional write: nothing can be counted twice or skipped (I3).
/// </summary>
internal sealed class CountersTable(IAmazonDynamoDB dynamoDb, string name)
{
    public const string Metric = "metric";
    public const string Group = "group";
    public const string ExpiresAt = Items.ExpiresAt;

    /// <summary>Counter items that one transaction changes: DynamoDB's limit of 100 actions, less the mark.</summary>
    public const int MaxItemsOfRecord = 99;

    private const string Data = "data";
    private const string Parts = "parts";

    /// <summary>
    /// Adds numbers that the records from <paramref name="first"/> to <paramref name="last"/> of a stream shard gave, unless some of them are counted
    /// already: then nothing changes and the answer is the position up to which they are. Null when they have been added now. Throws
    /// <see cref="StoreUnavailableException"/>, and <see cref="CounterItemFullException"/> when the item holds no more.
    /// </summary>
    /// <param name="policyHash">An item says under which policy it was last counted; the log says it of each event.</param>
    public async Task<StreamPosition?> Add(
        CounterKey key, IReadOnlyDictionary<string, long> amounts, StreamShard shard, StreamPosition first, StreamPosition last, DateTimeOffset? expiresAt,
        byte[] policyHash)
    {
        var update = new UpdateBuilder();
        foreach (var (attribute, amount) in amounts)
        {
            if (attribute == CounterAttributes.LastSeen) update.Set(attribute, Attributes.Number(amount));
            else update.Add(attribute, amount);
        }

        update.Set(shard.PositionAttribute, last.Padded);
        update.Set("policy", Attributes.Bytes(policyHash));
        update.With("p", shard.PositionAttribute, Attributes.Text(first.Padded));
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(update.Build(name, KeyOf(key), "attribute_not_exists(#p) OR #p < :p", expiresAt)));
            return null;
        }
        catch (ConditionalCheckFailedException e)
        {
            return new StreamPosition(e.Item[shard.PositionAttribute].S);
        }
        catch (AmazonDynamoDBException e) when (e.ErrorCode == "ValidationException" && e.Message.Contains("size", StringComparison.OrdinalIgnoreCase))
        {
            throw new CounterItemFullException(key, e);
        }
    }

    /// <summary>
    /// Adds numbers to several items unless <paramref name="mark"/> is there, and leaves it, all in one transaction. Throws
    /// <see cref="StoreUnavailableException"/>, and <see cref="CounterItemFullException"/> when an item holds no more; then nothing has changed.
    /// </summary>
    /// <returns>Whether they have been added now.</returns>
    public async Task<bool> AddOnce(
        CounterKey mark, DateTimeOffset markExpiresAt, IReadOnlyDictionary<CounterKey, Dictionary<string, long>> items, Func<CounterKey, DateTimeOffset?> expiry,
        byte[] policyHash)
    {
        CounterKey[] keys = [.. items.Keys];
        var updates = keys.Select(key =>
        {
            var update = new UpdateBuilder().Set("policy", Attributes.Bytes(policyHash));
            foreach (var (attribute, amount) in items[key]) update.Add(attribute, amount);
            return update.Build(name, KeyOf(key), null, expiry(key));
        }).Prepend(new UpdateBuilder().With("k", Metric, null).Build(name, KeyOf(mark), "attribute_not_exists(#k)", markExpiresAt));
        try
        {
            await Store.Call(() => Items.UpdateAll(dynamoDb, updates));
            return true;
        }
        catch (TransactionCanceledException e)
        {
            var reasons = e.CancellationReasons ?? [];
            if (reasons is [{ Code: "ConditionalCheckFailed" }, ..]) return false;
            var full = reasons.FindIndex(reason => reason.Code == "ValidationError");
            // What else cancels a transaction passes: a conflict with another one, or throttling.
            throw full > 0 ? new CounterItemFullException(keys[full - 1], e) : new StoreUnavailableException(e);
        }
    }

    /// <summary>Sets a number unless the item has a greater one. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task Raise(CounterKey key, string attribute, long number, DateTimeOffset? expiresAt, byte[] policyHash)
    {
        var update = new UpdateBuilder().Set(attribute, Attributes.Number(number)).Set("policy", Attributes.Bytes(policyHash))
            .With("a", attribute, Attributes.Number(number));
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(update.Build(name, KeyOf(key), "attribute_not_exists(#a) OR #a < :a", expiresAt)));
        }
        catch (ConditionalCheckFailedException)
        {
            // It has.
        }
    }

    /// <summary>All items of a metric: one query, a page for each MB.</summary>
    public async IAsyncEnumerable<CounterItem> Read(string metric)
    {
        var request = Query(metric);
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
            foreach (var item in page.Items ?? []) yield return CounterItem.Of(item);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>Deletes a session's counters; false when there was no time for all. Throws <see cref="StoreUnavailableException"/>.</summary>
    public Task<bool> Erase(string sessionId, Func<bool> hasTime) => Items.DeleteAll(
        dynamoDb,
        new QueryRequest
        {
            TableName = name,
            KeyConditionExpression = $"{Metric} = :{Metric}",
            ProjectionExpression = $"{Metric},#{Group}",
            ExpressionAttributeNames = new() { ["#" + Group] = Group },
            ExpressionAttributeValues = new() { [":" + Metric] = Attributes.Text(CounterKey.StackTotal(sessionId).Metric) },
            ConsistentRead = true,
        },
        hasTime);

    /// <summary>Hands all numbers of a metric on as those of one day, a page at a time.</summary>
    /// <param name="gate">Is held while the sink is called.</param>
    /// <param name="consistent">Whether what was written a moment ago is wanted too, at twice the price.</param>
    public async Task Read(string metric, int day, Lock gate, CounterSink sink, bool consistent = false)
    {
        var request = Query(metric);
        request.ConsistentRead = consistent;
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
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

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>Which of these items, each of another metric, are there: their metrics.</summary>
    public async Task<IReadOnlySet<string>> Existing(IReadOnlyList<CounterKey> keys) =>
        (await Items.Get(dynamoDb, name, keys.Select(KeyOf), Metric)).Select(item => item[Metric].S).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether nothing has been counted yet.</summary>
    public async Task<bool> IsEmpty() =>
        (await Store.Call(() => dynamoDb.ScanAsync(new ScanRequest { TableName = name, Limit = 1, ProjectionExpression = Metric }))).Count is null or 0;

    /// <summary>How many items a metric has.</summary>
    public async Task<long> Count(string metric)
    {
        var request = Query(metric);
        request.Select = Select.COUNT;
        var count = 0L;
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
            count += page.Count ?? 0;
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
        return count;
    }

    /// <summary>Hands a folded month on; false when it has not been folded, or not wholly.</summary>
    /// <param name="gate">Is held while the sink is called.</param>
    public async Task<bool> ReadMonth(string kind, DateOnly month, Lock gate, CounterSink sink)
    {
        var request = Query(MonthRollup.KeyOf(kind, month).Metric);
        var parts = new List<Stream>();
        var expected = 1L;
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
            foreach (var item in page.Items ?? [])
            {
                parts.Add(item[Data].B);
                expected = Math.Max(expected, item.NumberOrNull(Parts) ?? 0);
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });

        if (parts.Count < expected) return false;
        lock (gate)
        {
            foreach (var part in parts) MonthRollup.Unpack(part, month, sink);
        }

        return true;
    }

    /// <summary>
    /// Keeps a folded month. Two who fold it at once write the same. The first part is written last: where it stands, all of them do.
    /// </summary>
    public async Task Save(string kind, MonthRollup fold, byte[] policyHash)
    {
        var parts = fold.Pack();
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var item = KeyOf(MonthRollup.KeyOf(kind, fold.Month, i));
            item[Data] = Attributes.Bytes(parts[i]);
            item[Parts] = Attributes.Number(parts.Count);
            await Store.Call(() => dynamoDb.PutItemAsync(Items.PutCounter(name, item, policyHash)));
        }
    }

    /// <summary>Keeps how many machines there were on a day that is over: their marks expire.</summary>
    public async Task SaveMachines(string day, long machines, byte[] policyHash)
    {
        var item = KeyOf(CounterKey.MachinesOf(day));
        item[CounterAttributes.Machines] = Attributes.Number(machines);
        item[CounterAttributes.MachinesKnown] = Attributes.Number(1);
        await Store.Call(() => dynamoDb.PutItemAsync(Items.PutCounter(name, item, policyHash)));
    }

    /// <summary>
    /// What sessions add up to, by session, in one read of at most 100 items; a session that nothing is counted of is missing. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, CounterItem>> StackTotals(IEnumerable<string> sessionIds)
    {
        var metrics = sessionIds.ToDictionary(id => CounterKey.StackTotal(id).Metric);
        var totals = new Dictionary<string, CounterItem>(metrics.Count, StringComparer.Ordinal);
        if (metrics.Count == 0) return totals;
        var keys = metrics.Values.Select(id => KeyOf(CounterKey.StackTotal(id)));
        foreach (var item in await Items.Get(dynamoDb, name, keys, null, consistent: false))
        {
            var total = CounterItem.Of(item);
            totals.Add(metrics[total.Metric], total);
        }

        return totals;
    }

    private QueryRequest Query(string metric) => new()
    {
        TableName = name,
        KeyConditionExpression = "#metric = :metric",
        ExpressionAttributeNames = new() { ["#metric"] = Metric },
        ExpressionAttributeValues = new() { [":metric"] = Attributes.Text(metric) },
    };

    private static Dictionary<string, AttributeValue> KeyOf(CounterKey key) =>
        new() { [Metric] = Attributes.Text(key.Metric), [Group] = Attributes.Text(key.Group) };
}
