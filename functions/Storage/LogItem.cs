using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// A log item that is being written: the clean events of one kind that a request brought, or a part of them, and the balance of the events
/// it answers for. Its content is the JSON of a <see cref="LogEntry"/>. It takes clean events only.
/// </summary>
#pragma warning disable CA1001 // The writer writes to memory: there is nothing to dispose of.
internal sealed class LogItem
#pragma warning restore CA1001
{
    // The content is read by this program alone: nothing needs to be escaped for a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    SkipValidation = true };

    private readonly ArrayBufferWriter<byte> json = new();
    private readonly Utf8JsonWriter writer;
    private byte[]? packed;

    public LogItem(LogKind kind, string receipt)
    {
        Kind = kind;
        Receipt = receipt;
        writer = new Utf8JsonWriter(json, Options);
        writer.WriteStartObject();
    }

    public LogKind Kind { get; }

    /// <summary>Derived from the request's bytes: the same request has the same receipts.</summary>
    public string Receipt { get; }

    public OutcomeCounts OutcomeCounts { get; } = new();

    /// <summary>Calls, counts, invocations or uses in it.</summary>
    public int Entries { get; private set; }

    /// <summary>Bytes of JSON so far.</summary>
    public long JsonBytes => writer.BytesCommitted + writer.BytesPending;

    /// <summary>For calls: the session, and the client's time of the first of them, which orders a session's items.</summary>
    public string? SessionId { get; private set; }

    public string? ClientTime { get; private set; }

    public void Add(CleanEvent.Call call)
    {
        if (Entries == 0) (SessionId, ClientTime) = (call.SessionId, call.ClientTime);
        Write("calls", LoggedCall.Of(call), LogJson.Default.LoggedCall);
    }

    public void Add(CleanEvent.Count count) => Write("counts", LoggedCount.Of(count), LogJson.Default.LoggedCount);

    public void Add(CleanEvent.Cli invocation) => Write("cli", LoggedInvocation.Of(invocation), LogJson.Default.LoggedInvocation);

    public void Add(CleanEvent.FeatureUse use) => Write("features", LoggedFeature.Of(use), LogJson.Default.LoggedFeature);

    /// <summary>
    /// The content as it is stored: compact JSON, compressed with gzip. A write unit is a KB, and calls of one session are much alike.
    /// Nothing can be added after it.
    /// </summary>
    public byte[] Pack()
    {
        if (packed is not null) return packed;
        if (Entries > 0) writer.WriteEndArray();
        writer.WriteNumber("stored", OutcomeCounts.Stored);
        WriteNumbers("dropped", OutcomeCounts.Dropped);
        WriteNumbers("stripped", OutcomeCounts.Stripped);
        writer.WriteEndObject();
        writer.Flush();
        var content = new MemoryStream();
        using (var gzip = new GZipStream(content, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(json.WrittenSpan);
        return packed = content.ToArray();
    }

    private void Write<T>(string list, T entry, JsonTypeInfo<T> type)
    {
        if (Entries++ == 0) writer.WriteStartArray(list);
        JsonSerializer.Serialize(writer, entry, type);
    }

    private void WriteNumbers(string name, Dictionary<string, long> numbers)
    {
        if (numbers.Count == 0) return;
        writer.WriteStartObject(name);
        foreach (var (key, number) in numbers) writer.WriteNumber(key, number);
        writer.WriteEndObject();
    }
}
