namespace Collector.Counting;

/// <summary>Up to where a stream shard has been counted into a counter item.</summary>
/// <param name="Position">The last record that is counted.</param>
/// <param name="IsClosed">
/// Whether the item was full then: what comes after <paramref name="Position"/> counts in the item's overflow item.
/// </param>
internal readonly record struct Checkpoint(StreamPosition Position, bool IsClosed = false);
