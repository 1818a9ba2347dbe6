using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Activations table: one item a licence activation, key <c>credential</c> + <c>receipt</c>. The receipt and not the time is in the
/// key: an activation that is reported again, whenever that is, must meet the item of the first report.
/// </summary>
internal sealed class ActivationsTable(IAmazonDynamoDB dynamoDb, string name) : Table(dynamoDb, name)
{
    public const string Credential = "credential";
    public const string Receipt = "receipt";
    public const string IsCi = "is_ci";

    /// <summary>When it was first reported, in milliseconds since 1970.</summary>
    public const string ActivatedAt = "activated_at";

    // Without an id, the request itself is the receipt for this long.
    private static readonly TimeSpan SameRequest = TimeSpan.FromMinutes(1);

    /// <summary>Whether an item that came down a stream is of this table.</summary>
    public static bool Holds(Dictionary<string, DynamoDBEvent.AttributeValue> image) => image.ContainsKey(ActivatedAt);

    /// <summary>Reads such an item. Throws for what cannot be read.</summary>
    public static RecordedActivation Read(Dictionary<string, DynamoDBEvent.AttributeValue> image) =>
        new(image.Text(Credential), image.Time(ActivatedAt), image.Flag(IsCi));

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
        };
        if (activation.Product is { } product) item["product"] = Attributes.Text(product);
        if (activation.Version is { } version) item["version"] = Attributes.Text(version);
        return await Put(item, policy.HashBytes, now + policy.Retention("activation"), $"attribute_not_exists({Receipt})");
    }

    // The same request, less than a minute ago and yet in the minute before: the turn of the minute makes no second activation of it.
    private async Task<bool> WasRecorded(string credential, string receipt, DateTimeOffset now)
    {
        var earlier = await Store.Call(() => DynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = Name,
            Key = new() { [Credential] = Attributes.Text(credential), [Receipt] = Attributes.Text(receipt) },
            ConsistentRead = true,
            ProjectionExpression = ActivatedAt,
        }));
        return earlier.Item?.NumberOrNull(ActivatedAt) > (now - SameRequest).ToUnixTimeMilliseconds();
    }

    private static string ReceiptAt(DateTimeOffset time, string request) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture) + "#" + request;
}
