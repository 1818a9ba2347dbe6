using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The content of a log item, and the only description of its JSON, which <see cref="LogItem"/> writes and <see cref="Unpack"/> reads. An
/// item contains at most one of the lists.
/// </summary>
/// <param name="Stored">How many events were stored and are counted by this item.</param>
/// <param name="Dropped">How many events were dropped, by reason.</param>
/// <param name="Stripped">How often fields were stripped from stored events, by event and path.</param>
internal sealed record LogEntry(
    long Stored = 0,
    IReadOnlyDictionary<string, long>? Dropped = null,
    IReadOnlyDictionary<string, long>? Stripped = null,
    IReadOnlyList<LoggedCall>? Calls = null,
    IReadOnlyList<LoggedCount>? Counts = null,
    IReadOnlyList<LoggedInvocation>? Cli = null,
    IReadOnlyList<LoggedFeature>? Features = null)
{
    /// <summary>
    /// Reads the output of <see cref="LogItem.Pack"/>. Throws <see cref="InvalidDataException"/> or
    /// <see cref="JsonException"/> for anything else.
    /// </summary>
    public static LogEntry Unpack(Stream packed)
    {
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, LogJson.Default.LogEntry) ?? throw new InvalidDataException("the log item is empty");
    }
}

/// <summary>
/// One AWS call of a Pro session, with the fields that policy.json keeps. It does not name the session, which is in the log item's key.
/// </summary>
internal sealed record LoggedCall(
    string Service,
    string Operation,
    int StatusCode,
    string? ClientTime = null,
    string? ErrType = null,
    string? ErrMsg = null,
    string? StackTrace = null,
    bool? IsInternal = null,
    string? Region = null,
    string? AccountId = null,
    string? UserAgent = null)
{
    public static LoggedCall Of(CleanEvent.Call call) => new(
        call.Text("service")!,
        call.Text("operation")!,
        (int)call.Number("status_code")!.Value,
        call.Text("client_time"),
        call.Text("err_type"),
        call.Text("err_msg"),
        call.Text("stack_trace"),
        call.Number("is_internal") is { } flag ? flag == 1 : null,
        call.Text("region"),
        call.Text("account_id"),
        call.Text("user_agent"));
}

/// <summary>The number of calls with one combination of service, operation and status code.</summary>
internal sealed record LoggedCount(string Service, string Operation, int StatusCode, long Count)
{
    public static LoggedCount Of(CleanEvent.Count count) => new(count.Service, count.Operation, count.Status, count.Calls);
}

/// <summary>One invocation of a command, with the names of its parameters in ordinal order.</summary>
internal sealed record LoggedInvocation(string Command, IReadOnlyList<string> Parameters)
{
    public static LoggedInvocation Of(CleanEvent.Cli invocation) => new(invocation.Command, invocation.Parameters);
}

/// <summary>One use of a feature: label names with their values, and the numbers to add up.</summary>
internal sealed record LoggedFeature(string Feature, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<LoggedSum>? Sums = null)
{
    public static LoggedFeature Of(CleanEvent.FeatureUse use) => new(
        use.Feature,
        use.Labels.ToDictionary(label => label.Key, label => label.Value),
        use.Sums.Count == 0 ? null : [.. use.Sums.Select(sum => new LoggedSum(sum.Name, sum.Amount, sum.Histogram ? true : null))]);
}

internal sealed record LoggedSum(string Name, long Amount, bool? Histogram = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(LoggedCall))]
[JsonSerializable(typeof(LoggedCount))]
[JsonSerializable(typeof(LoggedInvocation))]
[JsonSerializable(typeof(LoggedFeature))]
internal sealed partial class LogJson : JsonSerializerContext;
