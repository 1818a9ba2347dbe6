using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>
/// Writes and deletions of whole items. An item that isn't a counter has a time to live: there is no other way to put one.
/// </summary>
internal static class Items
{
    /// <summary>The attribute of every table's time to live.</summary>
    public const string ExpiresAt = "expires_at";

    // DynamoDB's limit for one BatchWriteItem.
    private const int DeletesPerBatch = 25;

    // DynamoDB's limit for one BatchGetItem.
    private const int ReadsPerBatch = 100;

    private const int ParallelBatches = 4;
    private const int Attempts = 6;

    public static PutItemRequest Put(
        string table, Dictionary<string, AttributeValue> item, DateTimeOffset expiresAt, string? condition = null)
    {
        item[ExpiresAt] = Attributes.ExpiresAt(expiresAt);
        return new PutItemRequest { TableName = table, Item = item, ConditionExpression = condition };
    }

    /// <summary>A counter over all users: it holds no person, and stays.</summary>
    public static PutItemRequest PutCounter(string table, Dictionary<string, AttributeValue> item, byte[] policyHash)
    {
        item["policy"] = Attributes.Bytes(policyHash);
        return new PutItemRequest { TableName = table, Item = item };
    }

    /// <summary>
    /// Makes all of the updates or none: at most 100, each of another item. Throws <see cref="TransactionCanceledException"/>.
    /// </summary>
    public static Task<TransactWriteItemsResponse> UpdateAll(IAmazonDynamoDB dynamoDb, IEnumerable<UpdateItemRequest> updates) =>
        dynamoDb.TransactWriteItemsAsync(new TransactWriteItemsRequest
        {
            TransactItems = [.. updates.Select(update => new TransactWriteItem
            {
                Update = new Update
                {
                    TableName = update.TableName,
                    Key = update.Key,
                    UpdateExpression = update.UpdateExpression,
                    ConditionExpression = update.ConditionExpression,
                    ExpressionAttributeNames = update.ExpressionAttributeNames,
                    ExpressionAttributeValues = update.ExpressionAttributeValues,
                },
            })],
        });

    /// <summary>
    /// Deletes all items of a query, which projects their keys; false when there was no time left for all of them. What is not there any
    /// more is no error. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public static async Task<bool> DeleteAll(IAmazonDynamoDB dynamoDb, QueryRequest query, Func<bool> hasTime)
    {
        // So small that what is under way when the time is up takes a moment.
        query.Limit = DeletesPerBatch * ParallelBatches;
        do
        {
            if (!hasTime()) return false;
            var page = await Store.Call(() => dynamoDb.QueryAsync(query));
            await Parallel.ForEachAsync(
                (page.Items ?? []).Chunk(DeletesPerBatch),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelBatches },
                async (keys, _) => await Delete(dynamoDb, query.TableName, keys));
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
        return true;
    }

    /// <summary>Reads items by their keys; those that aren't there are missing. Throws <see cref="StoreUnavailableException"/>.</summary>
    /// <param name="projection">The attributes that are wanted; null for all.</param>
    public static async Task<List<Dictionary<string, AttributeValue>>> Get(
        IAmazonDynamoDB dynamoDb, string table, IEnumerable<Dictionary<string, AttributeValue>> keys, string? projection,
        bool consistent = true)
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        foreach (var batch in keys.Chunk(ReadsPerBatch))
        {
            var left = new Dictionary<string, KeysAndAttributes>
            {
                [table] = new() { Keys = [.. batch], ConsistentRead = consistent, ProjectionExpression = projection },
            };
            for (var attempt = 0; left.Count > 0; attempt++)
            {
                if (attempt == Attempts) throw Throttled();
                var answer = await Store.Call(() => dynamoDb.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = left }));
                items.AddRange(answer.Responses?.GetValueOrDefault(table) ?? []);
                left = answer.UnprocessedKeys ?? [];
            }
        }

        return items;
    }

    private static async Task Delete(IAmazonDynamoDB dynamoDb, string table, Dictionary<string, AttributeValue>[] keys)
    {
        var left = new Dictionary<string, List<WriteRequest>> { [table] = [.. keys.Select(
            key => new WriteRequest(new DeleteRequest(key)))] };
        for (var attempt = 0; left.Count > 0; attempt++)
        {
            if (attempt == Attempts) throw Throttled();
            var answer = await Store.Call(() => dynamoDb.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = left }));
            left = answer.UnprocessedItems ?? [];
        }
    }

    // What DynamoDB leaves of a batch, it had no throughput for.
    private static StoreUnavailableException Throttled() =>
        new(new ProvisionedThroughputExceededException("a batch is still not processed"));
}
