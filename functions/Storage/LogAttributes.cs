using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>The attributes of the items in both logs.</summary>
internal static class LogAttributes
{
    public const string Source = "source";
    public const string Receipt = "receipt";
    public const string Data = "data";

    /// <summary>When the item was received, in milliseconds since 1970; for an anonymous item, the hour.</summary>
    public const string At = "at";

    /// <summary>The condition that no item with this key exists.</summary>
    public const string IsNew = $"attribute_not_exists({Receipt})";

    public static Dictionary<string, AttributeValue> Of(string source, string receipt, DateTimeOffset at, byte[] data) => new(6)
    {
        [Source] = Attributes.Text(source),
        [Receipt] = Attributes.Text(receipt),
        [At] = Attributes.Number(at.ToUnixTimeMilliseconds()),
        [Data] = Attributes.Bytes(data),
    };
}
