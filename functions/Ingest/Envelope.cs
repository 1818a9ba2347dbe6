using System.Text.Json;
using Collector.Http;

namespace Collector.Ingest;

/// <summary>The events of a request: <c>{"events": [ … ]}</c>, or one event by itself. Parsed once, bounded in depth and count.</summary>
internal sealed class Envelope : IDisposable
{
    /// <summary>Most events that are looked at. Clients of today send 20; older ones know no limit (protocol.md).</summary>
    public const int MaxEvents = 2_000;

    /// <summary>Deep nesting costs the parser a bit a level, and one deep event must not cost the others beside it their place.</summary>
    public const int MaxDepth = 100_000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    private readonly JsonDocument document;

    private Envelope(JsonDocument document, IReadOnlyList<JsonElement> events, int tooMany)
    {
        this.document = document;
        Events = events;
        TooMany = tooMany;
    }

    /// <summary>The events in their order; <c>default</c> stands for one whose texts cannot be read (<see cref="WellFormed"/>).</summary>
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
            if (Member(root, "events"u8) is { ValueKind: JsonValueKind.Array } list)
            {
                var events = new JsonElement[Math.Min(list.GetArrayLength(), MaxEvents)];
                // Nearly every body can be read whole; event by event only to find the one that can't.
                var all = WellFormed.Is(root);
                var i = 0;
                foreach (var untrusted in list.EnumerateArray())
                {
                    if (i == events.Length) break;
                    events[i++] = all || WellFormed.Is(untrusted) ? untrusted : default;
                }

                return new Envelope(document, events, list.GetArrayLength() - events.Length);
            }

            if (Member(root, "name"u8) is not null) return new Envelope(document, [WellFormed.Is(root) ? root : default], 0);
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
            if (!WellFormed.Is(root)) return new Envelope(document, [default], 0);
            if (Member(root, "payload"u8) is not null) return new Envelope(document, [root], 0);
            if (Member(root, "session_id"u8) is not null)
            {
                document.Dispose();
                var wrapped = ParseJson((byte[])[.. "{\"name\":\"session\",\"payload\":"u8, .. body.Span, (byte)'}']);
                return new Envelope(wrapped, [wrapped.RootElement], 0);
            }
        }

        document.Dispose();
        throw Problem.BadRequest.With("The body is a session event, or its payload, with a session_id.");
    }

    /// <summary>Reads a licence request, as LocalStack's licensing backend takes it. A host's name may be anything: it must not cost the activation.</summary>
    public static Envelope ParseActivation(ReadOnlyMemory<byte> body)
    {
        var document = ParseJson(body);
        if (document.RootElement.ValueKind == JsonValueKind.Object && WellFormed.NamesAre(document.RootElement)) return new Envelope(document, [document.RootElement], 0);
        document.Dispose();
        throw Problem.BadRequest.With("The body is a licence request: {\"product\": { ... }, \"credentials\": {\"token\": \"...\"}}.");
    }

    public void Dispose() => document.Dispose();

    // By hand: TryGetProperty throws when it passes a name that cannot be read.
    private static JsonElement? Member(JsonElement root, ReadOnlySpan<byte> name)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (IsNamed(member, name)) return member.Value;
        }

        return null;
    }

    private static bool IsNamed(JsonProperty member, ReadOnlySpan<byte> name)
    {
        try
        {
            return member.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

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
