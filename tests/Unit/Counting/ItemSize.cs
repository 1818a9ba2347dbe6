using System.Text;
using Amazon.DynamoDBv2.Model;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Counting;

/// <summary>Sizes of items and what it costs to write them, by AWS's rules.</summary>
internal static class ItemSize
{
    /// <summary>A write unit for each KB, begun, of the item before or after, whichever is larger.</summary>
    public static int WriteUnits(InMemoryDynamoDb.Change change) => (Math.Max(Bytes(change.Old ?? []), Bytes(change.New)) + 1023) / 1024;

    /// <summary>A write that is refused costs as much as the item that was found.</summary>
    public static int WriteUnits(Dictionary<string, AttributeValue> found) => (Bytes(found) + 1023) / 1024;

    // Names and texts as UTF-8, numbers half a byte a digit and one more, three bytes and one for each entry around maps.
    public static int Bytes(Dictionary<string, AttributeValue> item) => item.Sum(a => Encoding.UTF8.GetByteCount(a.Key) + Bytes(a.Value));

    private static int Bytes(AttributeValue value) => value switch
    {
        { S: { } text } => Encoding.UTF8.GetByteCount(text),
        { N: { } number } => ((number.Length + 1) / 2) + 1,
        { B: { } bytes } => (int)bytes.Length,
        { M: { } map } => 3 + map.Count + Bytes(map),
        _ => 1,
    };
}
