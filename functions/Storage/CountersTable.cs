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
    public const string ExpiresAt = "expires_at";

    private const int MaxBatchReads = 4;

    /// <summary>
    /// Adds numbers that the records from <paramref name="first"/> to <paramref name="last"/> of a stream shard gave, unless some of them are counted
    /// already: then nothing changes and the answer is the position up to which they are. Null when they have been added now. Throws
    /// <see cref="StoreUnavailableException"/>, and <see cref="CounterItemFullException"/> when the item holds no more.
    /// </summary>
    public async Task<StreamPosition?> Add(
        CounterKey key, IReadOnlyDictionary<string, long> amounts, StreamShard shard, StreamPosition first, StreamPosition last, DateTimeOffset? expiresAt)
    {
        var update = new UpdateBuilder();
        foreach (var (attribute, amount) in amounts)
        {
            if (attribute == CounterAttributes.LastSeen) update.Set(attribute, Attributes.Number(amount));
            else update.Add(attribute, amount);
        }

        update.Set(shard.PositionAttribute, last.Padded);
        if (expiresAt is { } expires) update.Set(ExpiresAt, Attributes.ExpiresAt(expires));
        update.With("p", shard.PositionAttribute, Attributes.Text(first.Padded));
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(update.Build(name, KeyOf(key), "attribute_not_exists(#p) OR #p < :p")));
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

    /// <summary>All items of a metric: one query, a page for each MB.</summary>
    public async IAsyncEnumerable<CounterItem> Read(string metric)
    {
        var request = new QueryRequest
        {
            TableName = name,
            KeyConditionExpression = "#metric = :metric",
            ExpressionAttributeNames = new() { ["#metric"] = Metric },
            ExpressionAttributeValues = new() { [":metric"] = Attributes.Text(metric) },
        };
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
            foreach (var item in page.Items ?? []) yield return CounterItem.Of(item);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
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
        var missing = new Dictionary<string, KeysAndAttributes>
        {
            [name] = new() { Keys = [.. metrics.Values.Select(id => KeyOf(CounterKey.StackTotal(id)))] },
        };
        // What is left over has been throttled, or is beyond the 16 MB of an answer.
        for (var attempt = 0; missing.Count > 0; attempt++)
        {
            if (attempt == MaxBatchReads) throw new StoreUnavailableException(new ProvisionedThroughputExceededException("keys left unprocessed"));
            var answer = await Store.Call(() => dynamoDb.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = missing }));
            foreach (var item in answer.Responses?.GetValueOrDefault(name) ?? [])
            {
                var total = CounterItem.Of(item);
                totals.Add(metrics[total.Metric], total);
            }

            missing = answer.UnprocessedKeys ?? [];
        }

        return totals;
    }

    private static Dictionary<string, AttributeValue> KeyOf(CounterKey key) =>
        new() { [Metric] = Attributes.Text(key.Metric), [Group] = Attributes.Text(key.Group) };
}
