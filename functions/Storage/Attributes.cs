using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>Short forms for the attribute values of DynamoDB's low-level client.</summary>
internal static class Attributes
{
    public static AttributeValue Text(string text) => new() { S = text };

    public static AttributeValue Number(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Flag(bool flag) => new() { BOOL = flag };

    public static AttributeValue Bytes(byte[] bytes) => new() { B = new MemoryStream(bytes, writable: false) };

    /// <summary>A map of numbers.</summary>
    public static AttributeValue Numbers(IReadOnlyCollection<KeyValuePair<string, int>> numbers) =>
        new() { M = numbers.ToDictionary(n => n.Key, n => Number(n.Value)) };

    /// <summary>The time from which DynamoDB may delete an item, in seconds since 1970, as its time to live requires.</summary>
    public static AttributeValue ExpiresAt(DateTimeOffset time) => Number(time.ToUnixTimeSeconds());

    public static long ToLong(this AttributeValue value) => long.Parse(value.N, CultureInfo.InvariantCulture);

    public static string? TextOrNull(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) ? value.S : null;

    public static long? NumberOrNull(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) && value.N is not null ? value.ToLong() : null;

    public static bool Flag(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) && value.BOOL == true;
}
