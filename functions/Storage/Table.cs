using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>
/// The functions that all tables share: conditional writes, queries page by page, and the policy under which an item was written.
/// </summary>
internal abstract class Table(IAmazonDynamoDB dynamoDb, string name)
{
    /// <summary>The attribute with the hash of the policy under which an item was written.</summary>
    protected const string Policy = "policy";

    protected IAmazonDynamoDB DynamoDb => dynamoDb;

    protected string Name => name;

    /// <summary>
    /// Puts an item, under a condition unless it is null; false when the condition does not hold. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    protected Task<bool> Put(Dictionary<string, AttributeValue> item, byte[] policyHash, DateTimeOffset expiresAt, string? condition)
    {
        item[Policy] = Attributes.Bytes(policyHash);
        return IfItHolds(() => dynamoDb.PutItemAsync(Items.Put(name, item, expiresAt, condition)));
    }

    /// <summary>
    /// Makes a conditional write; false when its condition does not hold. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    protected static async Task<bool> IfItHolds<T>(Func<Task<T>> write)
    {
        try
        {
            await Store.Call(write);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    /// <summary>The pages of a query, one request each. Throws <see cref="StoreUnavailableException"/>.</summary>
    protected async IAsyncEnumerable<QueryResponse> Pages(QueryRequest request)
    {
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
            yield return page;
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>A query for the items with one partition key.</summary>
    protected QueryRequest Query(string key, string value) => new()
    {
        TableName = name,
        KeyConditionExpression = "#key = :key",
        ExpressionAttributeNames = new() { ["#key"] = key },
        ExpressionAttributeValues = new() { [":key"] = Attributes.Text(value) },
    };

    /// <summary>A consistent query for the keys of the items with one partition key, for <see cref="Items.DeleteAll"/>.</summary>
    protected QueryRequest QueryKeys(string key, string value, string sortKey)
    {
        var query = Query(key, value);
        query.ProjectionExpression = "#key,#sort";
        query.ExpressionAttributeNames["#sort"] = sortKey;
        query.ConsistentRead = true;
        return query;
    }
}
