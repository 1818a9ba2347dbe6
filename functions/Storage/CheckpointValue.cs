using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>A checkpoint attribute exactly as it is stored, for comparison in a condition.</summary>
internal sealed class CheckpointValue
{
    private CheckpointValue(AttributeValue stored, byte[] bytes) => (Stored, Bytes) = (stored, bytes);

    /// <summary>The bytes; empty when the stored value is not binary.</summary>
    public byte[] Bytes { get; }

    internal AttributeValue Stored { get; }

    public static CheckpointValue Of(byte[] bytes) => new(Attributes.Bytes(bytes), bytes);

    internal static CheckpointValue Of(AttributeValue stored) => new(stored, stored.B?.ToArray() ?? []);
}
