using System.Text.Json.Nodes;

namespace Collector.Local.Streams;

/// <summary>One record of a stream: the document for the function, and the values that batching needs.</summary>
/// <param name="Bytes">Its share of an event's 6 MB.</param>
internal sealed record StreamRecord(string SequenceNumber, DateTimeOffset Created, JsonObject Document, int Bytes);

/// <summary>A shard of a stream. Its children are read after it.</summary>
/// <param name="ParentId">Null for the first; it may name a shard that the stream no longer lists.</param>
internal sealed record Shard(string Id, string? ParentId);

/// <param name="Next">The next iterator; null at the end of a shard that has ended.</param>
internal sealed record RecordPage(IReadOnlyList<StreamRecord> Records, string? Next);
