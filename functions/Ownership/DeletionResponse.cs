using System.Globalization;
using System.Text.Json.Serialization;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// The state of a deletion request. <c>Status</c> is <c>running</c> or <c>done</c>. Once it is done, no table contains anything of the
/// sessions that it covers, except for what <c>Kept</c> names; sessions that started after <c>RequestedAt</c> are not covered. <c>Id</c> is
/// null when there was nothing to delete: such a request is not stored.
/// </summary>
internal sealed record DeletionResponse(string? Id, string Status, string RequestedAt, string? FinishedAt, ErasureKept Kept)
{
    /// <summary>The answer for a credential that has no sessions.</summary>
    public static DeletionResponse Nothing(DateTimeOffset now) => new(null, "done", Time(now), Time(now), ErasureKept.All);

    public static DeletionResponse Of(DeletionRequest request) => new(
        request.Id, request.FinishedAt is null ? "running" : "done", Time(request.RequestedAt), request.FinishedAt is { } at
            ? Time(at) : null, ErasureKept.All);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

/// <summary>The data that a deletion leaves in place, and why.</summary>
internal sealed record ErasureKept(string Activations, string Counters, string Tracking)
{
    public static ErasureKept All { get; } = new(
        "Licence activations and their counts are kept, because they are needed for billing.",
        "Counts over all users are kept, because they contain no session, credential or machine.",
        "Your tracking preference is kept as you set it (PUT /tracking).");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeletionResponse))]
internal sealed partial class ErasureJson : JsonSerializerContext;
