using System.Globalization;
using System.Text.Json.Serialization;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// What has become of a request to be forgotten. <c>Status</c> is <c>running</c> or <c>done</c>; once done, nothing that started before
/// <c>RequestedAt</c> is in any table, apart from what <c>Kept</c> names. <c>Id</c> is null when there was nothing to delete: nothing is
/// stored of that.
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

/// <summary>What a deletion leaves, and why.</summary>
internal sealed record ErasureKept(string Activations, string Counters, string Tracking)
{
    public static ErasureKept All { get; } = new(
        "Licence activations and their counts stay: they are needed for billing.",
        "Counts over all users stay: they hold no session, credential or machine.",
        "Whether you let yourself be tracked stays as you set it (PUT /tracking).");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeletionResponse))]
internal sealed partial class ErasureJson : JsonSerializerContext;
