using Amazon.Lambda.DynamoDBEvents;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Collector.Tests;

/// <summary>Converts the SDK's items to the images in stream events.</summary>
internal static class TestItems
{
    public static Dictionary<string, DynamoDBEvent.AttributeValue> Image(Dictionary<string, AttributeValue> item) =>
        item.ToDictionary(attribute => attribute.Key, attribute => Value(attribute.Value));

    private static DynamoDBEvent.AttributeValue Value(AttributeValue value) => new()
    {
        S = value.S,
        N = value.N,
        B = value.B is null ? null : new MemoryStream(value.B.ToArray()),
        BOOL = value.BOOL,
        SS = value.SS,
        M = value.M is null ? null : Image(value.M),
    };
}
