using System.Text.Json;
using Collector.Api;
using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// The events of a request: <c>{"events": [ … ]}</c>, read in one pass, or a single event. Depth and number are limited. An envelope with a
/// duplicate member is refused, because one of the two would be lost without being counted. A name or a text that cannot be read (it is not
/// UTF-8, or has half of a surrogate pair) counts as missing.
/// </summary>
/// <param name="Events">The events in the order in which they were sent.</param>
/// <param name="TooMany">The number of further events, which exceed the limit and were not read.</param>
/// <param name="IsList">Whether they came in a list.</param>
internal sealed record Envelope(IReadOnlyList<RawEvent> Events, int TooMany = 0, bool IsList = false)
{
    // The number of events that current clients send at once.
    private const int UsualEvents = 20;

    /// <summary>
    /// Reads at most <paramref name="most"/> events of a request. Throws the 400 problem for a body that is not JSON or not such an
    /// envelope.
    /// </summary>
    public static Envelope Parse(byte[] body, CollectionPolicy policy, int most = Limits.Events)
    {
        var root = Read(body, policy, most);
        if (root.Events is { } events) return events;
        return root.HasName ? One(body, policy) : throw Problem.BadRequest.With(
            "The body must be {\"events\": [ ... ]} or one event with a name.");
    }

    /// <summary>
    /// Reads a body of any ingest route except the one for licences: events, a session, or only the payload of a session, which is one
    /// event without a rule: <see cref="SessionEnvelope"/> reads it.
    /// </summary>
    public static Envelope ParseAny(byte[] body, CollectionPolicy policy)
    {
        var root = Read(body, policy);
        if (root.Events is { } events) return events;
        if (!root.HasName && (root.HasPayload || !root.HasSession)) throw Problem.BadRequest.With(
            "The body must be {\"events\": [ ... ]}, one event with a name, or the payload of a session.");
        return One(body, policy);
    }

    /// <summary>
    /// Reads a licence request in the format of LocalStack's licensing backend. The name of a host may be anything and must not cause the
    /// activation to be lost.
    /// </summary>
    public static RawEvent ParseActivation(byte[] body, CollectionPolicy policy)
    {
        if (!Read(body, policy: null).IsObject)
            throw Problem.BadRequest.With(
                "The body must be a licence request: {\"product\": { ... }, \"credentials\": {\"token\": \"...\"}}.");
        var reader = Reader(body);
        reader.Read();
        return RawEvent.Read(ref reader, policy.Rule("license_activation"), new FieldCache(body));
    }

    // Reads the body to its end, which shows that it is JSON. With a policy, also reads the events of its list.
    private static Root Read(byte[] body, CollectionPolicy? policy, int most = Limits.Events)
    {
        var root = new Root();
        var reader = Reader(body);
        try
        {
            reader.Read();
            root.IsObject = reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                if (!root.IsObject || reader.TokenType != JsonTokenType.PropertyName) continue;
                var isList = RawJson.Is("events"u8, ref reader);
                root.HasSession |= RawJson.Is("session_id"u8, ref reader);
                if (policy is not null)
                {
                    Once(isList, ref root.HasEvents, "events");
                    Once(RawJson.Is("name"u8, ref reader), ref root.HasName, "name");
                    Once(RawJson.Is("metadata"u8, ref reader), ref root.HasMetadata, "metadata");
                    Once(RawJson.Is("payload"u8, ref reader), ref root.HasPayload, "payload");
                }

                reader.Read();
                if (isList && policy is not null && reader.TokenType == JsonTokenType.StartArray)
                    root.Events = List(ref reader, policy, new FieldCache(body), most);
                else
                    reader.Skip();
            }
        }
        catch (JsonException e)
        {
            throw NotJson(e);
        }

        return root;
    }

    /// <summary>The 400 problem for a body that is not JSON.</summary>
    internal static ProblemException NotJson(JsonException e) =>
        Problem.BadRequest.With(FormattableString.Invariant(
            $"The body is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})."));

    // With two lists or two names it is unclear which one the sender meant.
    private static void Once(bool isMember, ref bool isThere, string member)
    {
        if (isMember && isThere) throw Problem.BadRequest.With($"The body has two members named {member}.");
        isThere |= isMember;
    }

    private static Envelope List(ref Utf8JsonReader reader, CollectionPolicy policy, FieldCache memory, int most)
    {
        var events = new List<RawEvent>(UsualEvents);
        var tooMany = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (events.Count == most) tooMany++;
            else events.Add(RawEvent.Read(ref reader, policy, memory));
            // Skips the value, or its rest, if it was not read.
            reader.Skip();
        }

        return new Envelope(events, tooMany, IsList: true);
    }

    private static Envelope One(byte[] body, CollectionPolicy policy)
    {
        var reader = Reader(body);
        reader.Read();
        return new Envelope([RawEvent.Read(ref reader, policy, new FieldCache(body))]);
    }

    private static Utf8JsonReader Reader(byte[] body) => new(body, RawJson.Options);

    // Whether the body is an object, and which members it has.
    private struct Root
    {
        public bool IsObject;
        public bool HasEvents;
        public bool HasName;
        public bool HasMetadata;
        public bool HasPayload;
        public bool HasSession;
        public Envelope? Events;
    }
}
