using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Collector.Storage;

/// <summary>The content of a log item, read back.</summary>
internal sealed record LogEntry(
    long Stored = 0,
    IReadOnlyDictionary<string, long>? Dropped = null,
    IReadOnlyDictionary<string, long>? Stripped = null,
    IReadOnlyList<LoggedCall>? Calls = null,
    IReadOnlyList<LoggedCount>? Counts = null,
    IReadOnlyList<LoggedInvocation>? Cli = null,
    IReadOnlyList<LoggedFeature>? Features = null)
{
    /// <summary>Reads what <see cref="LogItem.Pack"/> wrote. Throws <see cref="InvalidDataException"/> or <see cref="JsonException"/> for anything else.</summary>
    public static LogEntry Unpack(Stream packed)
    {
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, LogJson.Default.LogEntry) ?? throw new InvalidDataException("an empty log item");
    }
}

/// <summary>One AWS call of a Pro session, as policy.json leaves it.</summary>
internal sealed record LoggedCall(
    string Service,
    string Operation,
    int StatusCode,
    string? ClientTime = null,
    string? ErrType = null,
    string? ErrMsg = null,
    string? StackTrace = null,
    bool IsInternal = false,
    string? Region = null,
    string? AccountId = null,
    string? UserAgent = null);

internal sealed record LoggedCount(string Service, string Operation, int StatusCode, long Count);

internal sealed record LoggedInvocation(string Command, IReadOnlyList<string> Parameters);

internal sealed record LoggedFeature(string Feature, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<LoggedSum>? Sums = null);

internal sealed record LoggedSum(string Name, long Amount, bool Histogram = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogEntry))]
internal sealed partial class LogJson : JsonSerializerContext;
