using System.IO.Compression;
using System.Text.Json;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// One item of the log to be: the clean events of one kind that a request brought, or a part of them, and the balance of the events it answers for.
/// It takes clean events only.
/// </summary>
internal sealed class LogItem(LogKind kind, string receipt)
{
    private readonly List<CleanEvent.Call> calls = [];
    private readonly List<CleanEvent.Count> counts = [];
    private readonly List<CleanEvent.Cli> invocations = [];
    private readonly List<CleanEvent.FeatureUse> uses = [];

    public LogKind Kind { get; } = kind;

    /// <summary>Derived from the request's bytes: the same request has the same receipts.</summary>
    public string Receipt { get; } = receipt;

    public OutcomeCounts OutcomeCounts { get; } = new();

    /// <summary>For calls: the session, and the client's time of the first of them, which orders a session's items.</summary>
    public string? SessionId => calls.Count > 0 ? calls[0].SessionId : null;

    public string? ClientTime => calls.Count > 0 ? calls[0].ClientTime : null;

    public void Add(CleanEvent.Call call) => calls.Add(call);

    public void Add(CleanEvent.Count count) => counts.Add(count);

    public void Add(CleanEvent.Cli invocation) => invocations.Add(invocation);

    public void Add(CleanEvent.FeatureUse use) => uses.Add(use);

    /// <summary>The content as it is stored: compact JSON, compressed with gzip. A write unit is a KB, and calls of one session are much alike.</summary>
    public byte[] Pack()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var writer = new Utf8JsonWriter(gzip))
        {
            Write(writer);
        }

        return packed.ToArray();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("stored", OutcomeCounts.Stored);
        WriteNumbers(writer, "dropped", OutcomeCounts.Dropped);
        WriteNumbers(writer, "stripped", OutcomeCounts.Stripped);
        WriteList(writer, "calls", calls, static (w, call) => call.WriteTo(w));
        WriteList(writer, "counts", counts, static (w, count) =>
        {
            w.WriteStartObject();
            w.WriteString("service", count.Service);
            w.WriteString("operation", count.Operation);
            w.WriteNumber("status_code", count.Status);
            w.WriteNumber("count", count.Calls);
            w.WriteEndObject();
        });
        WriteList(writer, "cli", invocations, static (w, cli) =>
        {
            w.WriteStartObject();
            w.WriteString("command", cli.Command);
            WriteTexts(w, "parameters", cli.Parameters);
            w.WriteEndObject();
        });
        WriteList(writer, "features", uses, static (w, use) =>
        {
            w.WriteStartObject();
            w.WriteString("feature", use.Feature);
            w.WriteStartObject("labels");
            foreach (var (label, value) in use.Labels) w.WriteString(label, value);
            w.WriteEndObject();
            WriteSums(w, "sums", use.Sums);
            w.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static void WriteSums(Utf8JsonWriter writer, string name, IReadOnlyList<CleanEvent.FeatureSum> sums)
    {
        if (sums.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var sum in sums)
        {
            writer.WriteStartObject();
            writer.WriteString("name", sum.Name);
            writer.WriteNumber("amount", sum.Amount);
            if (sum.Histogram) writer.WriteBoolean("histogram", true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, Dictionary<string, long> numbers)
    {
        if (numbers.Count == 0) return;
        writer.WriteStartObject(name);
        foreach (var (key, number) in numbers) writer.WriteNumber(key, number);
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, List<T> list, Action<Utf8JsonWriter, T> write)
    {
        if (list.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var entry in list) write(writer, entry);
        writer.WriteEndArray();
    }
}
