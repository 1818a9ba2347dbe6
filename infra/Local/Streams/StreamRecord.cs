using System.Text.Json.Nodes;

namespace Collector.Local.Streams;

/// <summary>One record of a stream: the document that Lambda passes on, and what batching needs of it.</summary>
/// <param name="Bytes">How much of an event's 6 MB it takes.</param>
internal sealed record StreamRecord(string SequenceNumber, DateTimeOffset Created, JsonObject Document, int Bytes);

/// <summary>A shard of a stream; its children may be read once it has been.</summary>
/// <param name="ParentId">Null for the first; it may name a shard that the stream no longer lists.</param>
internal sealed record Shard(string Id, string? ParentId);

/// <param name="Next">Null when the shard has ended and is read to its end.</param>
internal sealed record RecordPage(IReadOnlyList<StreamRecord> Records, string? Next);
