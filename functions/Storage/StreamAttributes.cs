using System.Globalization;
using Amazon.Lambda.DynamoDBEvents;

namespace Collector.Storage;

/// <summary>
/// Reads attributes of an item from a table's stream. Throws <see cref="InvalidDataException"/> when an attribute is
/// missing or has another type.
/// </summary>
internal static class StreamAttributes
{
    public static string Text(this Dictionary<string, DynamoDBEvent.AttributeValue> image, string name) =>
        image.TextOrNull(name) ?? throw new InvalidDataException($"{name} is not a string");

    public static string? TextOrNull(this Dictionary<string, DynamoDBEvent.AttributeValue> image, string name) =>
        image.GetValueOrDefault(name)?.S;

    public static long Number(this DynamoDBEvent.AttributeValue? value, string name) =>
        long.Parse(value?.N ?? throw new InvalidDataException($"{name} is not a number"), CultureInfo.InvariantCulture);

    /// <summary>A time that is stored as milliseconds since 1970.</summary>
    public static DateTimeOffset Time(this Dictionary<string, DynamoDBEvent.AttributeValue> image, string name) =>
        DateTimeOffset.FromUnixTimeMilliseconds(image.GetValueOrDefault(name).Number(name));

    public static bool Flag(this Dictionary<string, DynamoDBEvent.AttributeValue> image, string name) =>
        image.GetValueOrDefault(name)?.BOOL == true;

    /// <summary>The content of a log item.</summary>
    public static LogEntry LogEntry(this Dictionary<string, DynamoDBEvent.AttributeValue> image) => Storage.LogEntry.Unpack(
        image.GetValueOrDefault(LogAttributes.Data)?.B ?? throw new InvalidDataException($"{LogAttributes.Data} is not binary"));
}
