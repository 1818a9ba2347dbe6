using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>Writes and deletes whole items. Every item except a counter has a time to live: there is no other way to put one.</summary>
internal static class Items
{
    /// <summary>The attribute with the time to live, in every table.</summary>
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

    /// <summary>Puts a counter over all users, which identifies nobody and does not expire.</summary>
    public static PutItemRequest PutCounter(string table, Dictionary<string, AttributeValue> item, byte[] policyHash)
    {
        item["policy"] = Attributes.Bytes(policyHash);
        return new PutItemRequest { TableName = table, Item = item };
    }

    /// <summary>
    /// Makes all of the updates or none: at most 100, each of a different item. Throws <see cref="TransactionCanceledException"/>.
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
    /// Deletes all items of a query, which projects their keys; false when there was not enough time. An item that no longer exists is not
    /// an error. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public static async Task<bool> DeleteAll(IAmazonDynamoDB dynamoDb, QueryRequest query, Func<bool> hasTime)
    {
        // Small pages, so that the deletions in progress when the time is up end soon.
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

    /// <summary>Reads items by their keys; items that do not exist are left out. Throws <see cref="StoreUnavailableException"/>.</summary>
    /// <param name="projection">The attributes to read; null for all.</param>
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

    // DynamoDB leaves a part of a batch unprocessed when it has no throughput for it.
    private static StoreUnavailableException Throttled() =>
        new(new ProvisionedThroughputExceededException("a batch is still not processed"));
}
