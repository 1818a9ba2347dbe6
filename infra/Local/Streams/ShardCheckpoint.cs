using System.Text.Json.Nodes;

namespace Collector.Local.Streams;

/// <summary>How far a mapping has processed a shard.</summary>
/// <param name="Position">The sequence number of the last processed record; null when there is none.</param>
/// <param name="Finished">Whether the shard has ended and was processed completely.</param>
/// <param name="WindowStart">The open tumbling window, in Unix seconds.</param>
/// <param name="State">The function's state in that window.</param>
internal sealed record ShardCheckpoint(string? Position = null, bool Finished = false, long? WindowStart = null, JsonObject? State = null);
