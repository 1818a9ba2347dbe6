using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// A log item that is being written: clean events of one kind from a request, all or some of them, and the outcomes of the events that it
/// accounts for. Its content is the JSON of a <see cref="LogEntry"/>. It accepts only clean events.
/// </summary>
#pragma warning disable CA1001 // The writer writes to memory: there is nothing to dispose of.
internal sealed class LogItem
#pragma warning restore CA1001
{
    // Only this program reads the content, so nothing must be escaped for a page.
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

    /// <summary>Derived from the request's bytes, so that the same request has the same receipts.</summary>
    public string Receipt { get; }

    public OutcomeCounts OutcomeCounts { get; } = new();

    /// <summary>The number of calls, counts, invocations or uses in the item.</summary>
    public int Entries { get; private set; }

    /// <summary>The number of bytes of JSON so far.</summary>
    public long JsonBytes => writer.BytesCommitted + writer.BytesPending;

    /// <summary>The session of the calls; null for other kinds.</summary>
    public string? SessionId { get; private set; }

    /// <summary>The client's time of the first call, which orders a session's items; null for other kinds.</summary>
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
    /// The content as it is stored: JSON compressed with gzip, because DynamoDB charges writes per KB and calls of one session resemble
    /// each other. Nothing can be added afterwards.
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
