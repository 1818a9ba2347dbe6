using System.Globalization;
using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Activations table: one item per licence activation, key <c>credential</c> + <c>receipt</c>. The key contains the receipt instead of
/// the time, because an activation that is reported again, at any time, must meet the item of the first report.
/// </summary>
internal sealed class ActivationsTable(IAmazonDynamoDB dynamoDb, string name) : Table(dynamoDb, name)
{
    public const string Credential = "credential";
    public const string Receipt = "receipt";
    public const string IsCi = "is_ci";

    /// <summary>When the activation was first reported, in milliseconds since 1970.</summary>
    public const string ActivatedAt = "activated_at";

    /// <summary>Whether an item from a stream belongs to this table.</summary>
    public static bool Holds(Dictionary<string, DynamoDBEvent.AttributeValue> image) => image.ContainsKey(ActivatedAt);

    /// <summary>Reads such an item. Throws if it cannot be read.</summary>
    public static RecordedActivation Read(Dictionary<string, DynamoDBEvent.AttributeValue> image) =>
        new(image.Text(Credential), image.Time(ActivatedAt), image.Flag(IsCi));

    /// <summary>
    /// Stores an activation; false when one with its id exists. Without an id every report is a separate activation: twenty machines of one
    /// organisation may send the same body within a minute, and each uses a credit. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<bool> Record(CleanEvent.Activation activation, DateTimeOffset now, CollectionPolicy policy)
    {
        var minute = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        var receipt = activation.Id is { } id ? "id#" + id : $"{minute}#{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        var item = new Dictionary<string, AttributeValue>(8)
        {
            [Credential] = Attributes.Text(activation.Credential),
            [Receipt] = Attributes.Text(receipt),
            [ActivatedAt] = Attributes.Number(now.ToUnixTimeMilliseconds()),
            [IsCi] = Attributes.Flag(activation.IsCi),
        };
        // Without an id the receipt is random, so only the SDK's own retry of the same write can meet the item. That retry would fail the
        // condition although the first try has stored the item, so such a write has no condition.
        var condition = activation.Id is null ? null : $"attribute_not_exists({Receipt})";
        return await Put(item, policy.HashBytes, now + policy.Retention("activation"), condition);
    }

    /// <summary>Everything that is stored of a credential's activations. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async IAsyncEnumerable<StoredItem> Stored(string credential)
    {
        var request = new QueryRequest
        {
            TableName = Name,
            KeyConditionExpression = $"{Credential} = :credential",
            ExpressionAttributeValues = new() { [":credential"] = Attributes.Text(credential) },
        };
        do
        {
            var page = await Store.Call(() => DynamoDb.QueryAsync(request));
            foreach (var item in page.Items ?? []) yield return new StoredItem(item);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }
}
