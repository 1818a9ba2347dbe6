using System.Globalization;
using System.Text.Json.Serialization;
using Collector.Api;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>A page of a list; <c>Cursor</c> is missing on the last page.</summary>
internal sealed record Page<TRow>(IReadOnlyList<TRow> Rows, string? Cursor);

/// <summary>
/// A session. Times are the server's, UTC. <c>Failed</c> is the number of calls with a status of 400 or more; calls = succeeded + failed.
/// <c>Services</c> are sorted by their number of calls, largest first. Without calls, <c>LastSeenAt</c> is the start.
/// </summary>
internal record StackRow(
    string Session,
    string StartedAt,
    string LastSeenAt,
    long DurationS,
    long Calls,
    long Succeeded,
    long Failed,
    IReadOnlyList<string> Services,
    string? Version,
    bool IsCi,
    bool IsDocker);

/// <summary>A session in full. Operations, user agents, regions and the timeline each add up to <c>Calls</c>.</summary>
internal sealed record StackDetail : StackRow
{
    public StackDetail(StackRow row)
        : base(row)
    {
    }

    public required IReadOnlyList<StackOperation> Operations { get; init; }

    public required IReadOnlyList<StackUserAgent> UserAgents { get; init; }

    public required IReadOnlyList<StackRegion> Regions { get; init; }

    public required IReadOnlyList<StackMinute> Timeline { get; init; }

    /// <summary>The seconds that each entry of the timeline covers: 60, or 3600 for a session with calls in very many minutes.</summary>
    public required int TimelineStepS { get; init; }
}

internal sealed record StackOperation(
    string Service, string Operation, [property: JsonConverter(typeof(StatusCodeJson))] string StatusCode, long Calls);

/// <summary><see cref="StackSummary.Unknown"/> for calls without a user agent.</summary>
internal sealed record StackUserAgent(string UserAgent, long Calls);

/// <summary><see cref="StackSummary.Unknown"/> for calls without a region.</summary>
internal sealed record StackRegion(string Region, long Calls);

/// <summary>Calls in the step of the timeline that begins with <c>Minute</c>.</summary>
internal sealed record StackMinute(string Minute, long Calls, long Failed);

/// <summary>
/// One call. <c>Time</c> is when the server received it (UTC), the same for all calls of a batch. <c>ClientTime</c> is the client's own
/// clock, without a zone (<c>2026-11-22 07:32:46.103769</c>); the list is sorted by it.
/// </summary>
internal sealed record StackEvent(
    string Time,
    string? ClientTime,
    string Service,
    string Operation,
    int StatusCode,
    string? ErrType,
    string? ErrMsg,
    string? StackTrace,
    bool IsInternal,
    string? Region,
    string? AccountId,
    string? UserAgent)
{
    /// <summary>A logged call, with the time at which the server received its batch.</summary>
    public static StackEvent Of(LoggedCall call, DateTimeOffset at) => new(
        StackJson.Time(at),
        call.ClientTime,
        call.Service,
        call.Operation,
        call.StatusCode,
        call.ErrType,
        call.ErrMsg,
        call.StackTrace,
        call.IsInternal == true,
        call.Region,
        call.AccountId,
        call.UserAgent);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<StackRow>), TypeInfoPropertyName = "Stacks")]
[JsonSerializable(typeof(StackDetail))]
[JsonSerializable(typeof(StackEvent))]
[JsonSerializable(typeof(StackBreakdownResponse))]
[JsonSerializable(typeof(StackComparisonResponse))]
[JsonSerializable(typeof(StackOverviewResponse))]
[JsonSerializable(typeof(Page<StackEvent>), TypeInfoPropertyName = "Events")]
internal sealed partial class StackJson : JsonSerializerContext
{
    /// <summary>A time in the form of the answers: <c>2026-11-22T07:32:46.103Z</c>.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
