using System.Text.Json.Serialization;

namespace Collector.Ingest;

/// <summary>
/// What became of each event of a request: received = stored + duplicates + dropped (I6). <c>Stripped</c> counts the fields taken off
/// stored events, by event and path. <c>Idempotent</c> is false where the same request, sent again, counts again. <c>Duplicates</c> are
/// events of a request whose body arrived before, byte by byte the same, while its log items are still kept (two days for anonymous
/// events).
/// </summary>
/// <remarks>
/// A body is all there is to tell a request that is sent again, by a proxy for example, from another one. So two people whose bodies are
/// the same to the byte, with no session id and the same client time or none, count as one: an anonymous count may be too low by that,
/// never too high.
/// </remarks>
internal sealed record IngestResponse(
    long Received,
    long Stored,
    long Duplicates,
    IReadOnlyList<DroppedEvent> Dropped,
    IReadOnlyDictionary<string, long> Stripped,
    bool? Idempotent = null);

/// <summary>
/// A dropped event by its place in the request. <c>Name</c> is there only when the policy knows it; <c>Events</c> only when the entry
/// stands for all from that place on.
/// </summary>
internal sealed record DroppedEvent(int Index, string? Name, string Reason, int? Events = null);

internal sealed record SessionResponse(bool TrackEvents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IngestResponse))]
[JsonSerializable(typeof(SessionResponse))]
internal sealed partial class IngestJson : JsonSerializerContext;
