using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Activations table: one item a licence activation, key <c>credential</c> + <c>receipt</c>. The receipt and not the time is in the key: an
/// activation that is reported again, whenever that is, must meet the item of the first report.
/// </summary>
internal sealed class ActivationsTable(IAmazonDynamoDB dynamoDb, string name)
{
    public const string Credential = "credential";
    public const string Receipt = "receipt";
    public const string IsCi = "is_ci";

    /// <summary>When it was first reported, in milliseconds since 1970.</summary>
    public const string ActivatedAt = "activated_at";

    // Without an id, the request itself is the receipt for this long.
    private static readonly TimeSpan SameRequest = TimeSpan.FromMinutes(1);

    /// <summary>Keeps an activation once; false when it is there. Throws <see cref="StoreUnavailableException"/>.</summary>
    /// <param name="request">The receipt of the request, for an activation that has no id.</param>
    public async Task<bool> Record(CleanEvent.Activation activation, string request, DateTimeOffset now, CollectionPolicy policy)
    {
        var receipt = activation.Id is { } id ? "id#" + id : ReceiptAt(now, request);
        if (activation.Id is null && await WasRecorded(activation.Credential, ReceiptAt(now - SameRequest, request), now)) return false;
        var item = new Dictionary<string, AttributeValue>(8)
        {
            [Credential] = Attributes.Text(activation.Credential),
            [Receipt] = Attributes.Text(receipt),
            [ActivatedAt] = Attributes.Number(now.ToUnixTimeMilliseconds()),
            [IsCi] = Attributes.Flag(activation.IsCi),
            ["policy"] = Attributes.Bytes(policy.HashBytes),
        };
        if (activation.Product is { } product) item["product"] = Attributes.Text(product);
        if (activation.Version is { } version) item["version"] = Attributes.Text(version);
        try
        {
            await Store.Call(() => dynamoDb.PutItemAsync(
                Items.Put(name, item, now + policy.Retention("activation"), $"attribute_not_exists({Receipt})")));
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    /// <summary>All that is stored of a credential's activations. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async IAsyncEnumerable<StoredItem> Stored(string credential)
    {
        var request = new QueryRequest
        {
            TableName = name,
            KeyConditionExpression = $"{Credential} = :credential",
            ExpressionAttributeValues = new() { [":credential"] = Attributes.Text(credential) },
        };
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
            foreach (var item in page.Items ?? []) yield return new StoredItem(item);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    // The same request, less than a minute ago and yet in the minute before: the turn of the minute makes no second activation of it.
    private async Task<bool> WasRecorded(string credential, string receipt, DateTimeOffset now)
    {
        var earlier = await Store.Call(() => dynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = name,
            Key = new() { [Credential] = Attributes.Text(credential), [Receipt] = Attributes.Text(receipt) },
            ConsistentRead = true,
            ProjectionExpression = ActivatedAt,
        }));
        return earlier.Item?.NumberOrNull(ActivatedAt) > (now - SameRequest).ToUnixTimeMilliseconds();
    }

    private static string ReceiptAt(DateTimeOffset time, string request) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture) + "#" + request;
}
