using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Activations table: one item a licence activation, key <c>credential</c> + <c>receipt</c>. The receipt and not the time is in the
/// key: an activation that is reported again, whenever that is, must meet the item of the first report.
/// </summary>
internal sealed class ActivationsTable(IAmazonDynamoDB dynamoDb, string name)
{
    public const string Credential = "credential";
    public const string Receipt = "receipt";
    public const string IsCi = "is_ci";

    /// <summary>When it was first reported, in milliseconds since 1970.</summary>
    public const string ActivatedAt = "activated_at";

    /// <summary>
    /// Keeps an activation; false when one of its id is there. Without an id every report is an activation of its own: twenty machines of
    /// one organisation may send the same body within a minute, and each uses a credit. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<bool> Record(CleanEvent.Activation activation, DateTimeOffset now, CollectionPolicy policy)
    {
        var minute = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        var receipt = activation.Id is { } id ? "id#" + id : $"{minute}#{Guid.NewGuid():N}";
        var item = new Dictionary<string, AttributeValue>(8)
        {
            [Credential] = Attributes.Text(activation.Credential),
            [Receipt] = Attributes.Text(receipt),
            [ActivatedAt] = Attributes.Number(now.ToUnixTimeMilliseconds()),
            [IsCi] = Attributes.Flag(activation.IsCi),
            ["policy"] = Attributes.Bytes(policy.HashBytes),
        };
        // A receipt of its own meets nothing but the SDK's own retry of the same write, which changes nothing.
        var condition = activation.Id is null ? null : $"attribute_not_exists({Receipt})";
        try
        {
            await Store.Call(() => dynamoDb.PutItemAsync(Items.Put(name, item, now + policy.Retention("activation"), condition)));
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
}
