namespace Collector.Counting;

/// <summary>The position up to which a stream shard has been counted into a counter item.</summary>
/// <param name="Position">The last record that has been counted.</param>
/// <param name="IsClosed">
/// Whether the item was full then: records after <paramref name="Position"/> count in the item's overflow item.
/// </param>
internal readonly record struct Checkpoint(StreamPosition Position, bool IsClosed = false);
