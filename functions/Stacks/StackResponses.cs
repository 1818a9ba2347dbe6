using System.Globalization;
using System.Text.Json.Serialization;
using Collector.Api;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>A page of a list; <c>Cursor</c> is missing on the last.</summary>
internal sealed record Page<TRow>(IReadOnlyList<TRow> Rows, string? Cursor);

/// <summary>
/// A session. Times are the server's, UTC. <c>Failed</c> are the calls with a status of 400 or more, calls = succeeded + failed;
/// <c>Services</c> are sorted by their calls, most first. Without calls it was last seen when it started.
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

    /// <summary>Seconds that each entry of the timeline stands for: 60, or 3600 for a session of very many minutes.</summary>
    public required int TimelineStepS { get; init; }
}

internal sealed record StackOperation(
    string Service, string Operation, [property: JsonConverter(typeof(StatusCodeJson))] string StatusCode, long Calls);

/// <summary><see cref="StackSummary.Unknown"/> stands for calls that named none.</summary>
internal sealed record StackUserAgent(string UserAgent, long Calls);

/// <summary><see cref="StackSummary.Unknown"/> stands for calls that named none.</summary>
internal sealed record StackRegion(string Region, long Calls);

/// <summary>Calls from <c>Minute</c> on, for as long as the timeline's step.</summary>
internal sealed record StackMinute(string Minute, long Calls, long Failed);

/// <summary>
/// One call. <c>Time</c> is when the server got it (UTC), for all calls of a batch the same; <c>ClientTime</c> is the client's own clock,
/// without a zone (<c>2026-11-22 07:32:46.103769</c>), by which the list is sorted.
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
    /// <summary>A call as it is logged, with the time at which the server got its batch.</summary>
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
    /// <summary>A moment as the answers show it: <c>2026-11-22T07:32:46.103Z</c>.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
