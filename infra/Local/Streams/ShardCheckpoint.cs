using System.Text.Json.Nodes;

namespace Collector.Local.Streams;

/// <summary>How far a mapping has come in a shard.</summary>
/// <param name="Position">The last record that is done; null when there is none yet.</param>
/// <param name="Finished">The shard has ended and all of it is done.</param>
/// <param name="WindowStart">The open tumbling window, in Unix seconds.</param>
/// <param name="State">What the function has gathered in that window.</param>
internal sealed record ShardCheckpoint(string? Position = null, bool Finished = false, long? WindowStart = null, JsonObject? State = null);
