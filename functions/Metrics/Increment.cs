using Collector.Storage;

namespace Collector.Metrics;

/// <summary>One number for one attribute of one counter item.</summary>
/// <param name="Amount">The amount to add; for an attribute that <paramref name="IsTime"/>, milliseconds since 1970.</param>
/// <param name="Room">
/// Where clients' data determines the attribute's name: how many such names the item takes, and what counts instead.
/// </param>
/// <param name="Otherwise">The attribute that counts in the overflow item when the item is full; null for the same attribute.</param>
/// <param name="IsTime">Whether the latest time is kept instead of a sum.</param>
internal readonly record struct Increment(
    CounterKey Key, string Attribute, long Amount, Room? Room = null, string? Otherwise = null, bool IsTime = false);

/// <summary>
/// A limit on the names that clients' data adds to one counter item, so that the item cannot grow without end. Names with the same tag, the
/// text up to the first <c>#</c>, share the limit. A name that is already in the item always counts.
/// </summary>
/// <param name="Name">
/// The attribute that takes the room. Attributes that belong to it, such as a feature's sums beside its uses, count where it counts.
/// </param>
/// <param name="Names">How many names the tag may have.</param>
/// <param name="Bytes">How many bytes the attributes of the tag may take, numbers included.</param>
/// <param name="Otherwise">The attribute that counts instead.</param>
/// <param name="Next">The limit for <paramref name="Otherwise"/>; null when there is always room for it.</param>
internal sealed record Room(string Name, int Names, int Bytes, string Otherwise, Room? Next = null)
{
    /// <summary>The bytes that an attribute takes besides its name: a number of 19 digits (DynamoDB's "Item sizes and formats").</summary>
    public const int NumberBytes = 11;

    public static string TagOf(string attribute) =>
        attribute.IndexOf('#', StringComparison.Ordinal) is >= 0 and var end ? attribute[..end] : attribute;
}
