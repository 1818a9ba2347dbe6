using Collector.Storage;

namespace Collector.Metrics;

/// <summary>One number for one attribute of one counter item.</summary>
/// <param name="Amount">What is added; for an attribute that <paramref name="IsTime"/>, milliseconds since 1970.</param>
/// <param name="Room">Where a client's data gives the attribute its name: how many such names the item takes, and what counts
/// instead.</param>
/// <param name="Otherwise">The attribute that counts in the item's overflow item, once the item is full; null for the same one.</param>
/// <param name="IsTime">Whether the latest time is kept instead of a sum.</param>
internal readonly record struct Increment(
    CounterKey Key, string Attribute, long Amount, Room? Room = null, string? Otherwise = null, bool IsTime = false);

/// <summary>
/// A bound on the names that clients' data brings into one counter item, so that the item cannot grow without end. Names with the same tag,
/// the text up to the first <c>#</c>, share their room. A name that is in the item already always counts.
/// </summary>
/// <param name="Name">
/// The attribute that takes the room. Others of the same increment's kind (a feature's sums beside its uses) follow it: they count where it
/// does.
/// </param>
/// <param name="Names">Names that the tag may have.</param>
/// <param name="Bytes">Bytes that the attributes of the tag may take, numbers included.</param>
/// <param name="Otherwise">The attribute that counts instead.</param>
/// <param name="Next">The bound that <paramref name="Otherwise"/> is under in turn; null when there is always room for it.</param>
internal sealed record Room(string Name, int Names, int Bytes, string Otherwise, Room? Next = null)
{
    /// <summary>What an attribute takes of an item beside its name: a number of 19 digits (DynamoDB's "Item sizes and formats").</summary>
    public const int NumberBytes = 11;

    public static string TagOf(string attribute) =>
        attribute.IndexOf('#', StringComparison.Ordinal) is >= 0 and var end ? attribute[..end] : attribute;
}
