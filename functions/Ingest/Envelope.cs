using System.Text.Json;
using Collector.Http;

namespace Collector.Ingest;

/// <summary>The events of a request: <c>{"events": [ … ]}</c>, or one event by itself. Parsed once, bounded in depth and count.</summary>
internal sealed class Envelope : IDisposable
{
    /// <summary>Most events that are looked at. Clients of today send 20; older ones know no limit (protocol.md).</summary>
    public const int MaxEvents = 2_000;

    // Deep nesting costs the parser a bit a level, and one deep event must not cost the others beside it their place.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 100_000 };

    private readonly JsonDocument document;

    private Envelope(JsonDocument document, IReadOnlyList<JsonElement> events, int tooMany)
    {
        this.document = document;
        Events = events;
        TooMany = tooMany;
    }

    public IReadOnlyList<JsonElement> Events { get; }

    /// <summary>How many more there were than are looked at.</summary>
    public int TooMany { get; }

    /// <summary>Reads the events of a request. Throws the 400 problem for what isn't JSON, or isn't this envelope.</summary>
    public static Envelope Parse(ReadOnlyMemory<byte> body)
    {
        var document = ParseJson(body);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (root.TryGetProperty("events"u8, out var list) && list.ValueKind == JsonValueKind.Array)
                return new Envelope(document, [.. list.EnumerateArray().Take(MaxEvents)], Math.Max(0, list.GetArrayLength() - MaxEvents));
            if (root.TryGetProperty("name"u8, out _)) return new Envelope(document, [root], 0);
        }

        document.Dispose();
        throw Problem.BadRequest.With("The body is {\"events\": [ ... ]}, or one event with a name.");
    }

    /// <summary>Reads a session: the event by itself or, as the public documentation shows it, its payload alone.</summary>
    public static Envelope ParseSession(ReadOnlyMemory<byte> body)
    {
        var document = ParseJson(body);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (root.TryGetProperty("payload"u8, out _)) return new Envelope(document, [root], 0);
            if (root.TryGetProperty("session_id"u8, out _))
            {
                document.Dispose();
                var wrapped = ParseJson((byte[])[.. "{\"name\":\"session\",\"payload\":"u8, .. body.Span, (byte)'}']);
                return new Envelope(wrapped, [wrapped.RootElement], 0);
            }
        }

        document.Dispose();
        throw Problem.BadRequest.With("The body is a session event, or its payload, with a session_id.");
    }

    public void Dispose() => document.Dispose();

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            throw Problem.BadRequest.With(FormattableString.Invariant($"The body is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})."));
        }
    }
}
