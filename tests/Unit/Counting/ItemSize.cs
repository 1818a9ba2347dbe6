using System.Text;
using Amazon.DynamoDBv2.Model;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Counting;

/// <summary>The sizes of items and the cost of writing them, by AWS's rules.</summary>
internal static class ItemSize
{
    /// <summary>One write unit per started KB of the item before or after the write, whichever is larger.</summary>
    public static int WriteUnits(InMemoryDynamoDb.Change change) => (Math.Max(Bytes(change.Old ?? []), Bytes(change.New)) + 1023) / 1024;

    /// <summary>A refused write costs as much as the size of the existing item.</summary>
    public static int WriteUnits(Dictionary<string, AttributeValue> found) => (Bytes(found) + 1023) / 1024;

    // Names and strings take their UTF-8 bytes, numbers half a byte per digit and one more, maps three bytes and one per entry.
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
