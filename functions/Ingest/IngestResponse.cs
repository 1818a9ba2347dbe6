using System.Text.Json.Serialization;

namespace Collector.Ingest;

/// <summary>
/// The outcomes of the events of a request: received = stored + duplicates + dropped (I6). <c>Stripped</c> counts the stripped fields of
/// stored events, by event and path. <c>Duplicates</c> counts events of a request with exactly the same body as an earlier one whose log
/// items are still kept (two days for anonymous events). <c>Idempotent</c> is false if sending the same request again counts it again.
/// </summary>
/// <remarks>
/// Only the body distinguishes a repeated request, for example one that a proxy sends again, from a new one. Two people therefore count as
/// one if their bodies are identical to the byte, with no session id and the same client time or none. An anonymous count can be too low
/// for this reason, but never too high.
/// </remarks>
internal sealed record IngestResponse(
    long Received,
    long Stored,
    long Duplicates,
    IReadOnlyList<DroppedEvent> Dropped,
    IReadOnlyDictionary<string, long> Stripped,
    bool? Idempotent = null);

/// <summary>
/// A dropped event, identified by its place in the request. <c>Name</c> is present only when the policy knows it, <c>Events</c> only when
/// the entry represents all events from that place on.
/// </summary>
internal sealed record DroppedEvent(int Index, string? Name, string Reason, int? Events = null);

internal sealed record SessionResponse(bool TrackEvents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IngestResponse))]
[JsonSerializable(typeof(SessionResponse))]
internal sealed partial class IngestJson : JsonSerializerContext;
