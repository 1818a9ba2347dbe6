using System.Text.Json;
using Collector.Api;
using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// The body of <c>POST /session</c>. Any answer except 2xx silences a client for its lifetime, so a session is read in every form that it
/// can have: a single event, the first event of a list or, as in the public documentation, only the payload. An unreadable text or name
/// costs only its field.
/// </summary>
/// <param name="Event">The body, read as a session; null when it names another event.</param>
/// <param name="HasId">Whether a session id was found anywhere in the body.</param>
internal sealed record SessionEnvelope(RawEvent? Event, bool HasId)
{
    private const string SessionId = "session_id";

    /// <summary>
    /// Reads a session. Throws the 400 problem for a body that is not JSON, and for one that neither looks like a session nor has a session
    /// id.
    /// </summary>
    public static SessionEnvelope Parse(byte[] body, CollectionPolicy policy) => Find(body, policy)
        ?? throw Problem.BadRequest.With("The body must be a session event, or the payload of one, with a session_id.");

    /// <summary>The same, but null for a body that neither looks like a session nor has a session id.</summary>
    public static SessionEnvelope? Find(byte[] body, CollectionPolicy policy)
    {
        var (start, inList, id) = Scan(body);
        var members = Members(body, start);
        if (!members.HasPayload && !members.HasSession && inList >= 0) (start, members) = (inList, Members(body, inList));
        if (id is null && !members.HasPayload && !members.HasSession) return null;
        if (members.IsOther) return new(null, id is not null);

        var reader = Reader(body, start);
        var part = members.HasSession && !members.HasPayload ? "payload" : null;
        var session = RawEvent.Read(ref reader, policy.Rule("session"), new FieldCache(body), start, part);
        // The id in the payload may be missing or damaged although the id in the metadata is valid.
        if (id is { } found && !session.Fields!.Value(SessionId).TryGetUuid(body, out _)) session.Fields.Put(SessionId, found);
        return new(session, id is not null);
    }

    // Reads the body to its end, which shows that it is JSON. Finds the start of its first object, the start of the first object in a list
    // of events (-1 for none), and the first session id anywhere in the body.
    private static (int Start, int InList, RawValue? Id) Scan(byte[] body)
    {
        var (start, inList, isList) = (-1, -1, false);
        RawValue? id = null;
        var reader = new Utf8JsonReader(body, RawJson.Options);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject && start < 0) start = (int)reader.TokenStartIndex;
                else if (reader.TokenType == JsonTokenType.StartObject && isList && inList < 0) inList = (int)reader.TokenStartIndex;
                else if (reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == 1) isList = false;
                if (reader.TokenType != JsonTokenType.PropertyName) continue;

                var isEvents = reader.CurrentDepth == 1 && RawJson.Is("events"u8, ref reader);
                var isId = RawJson.Is("session_id"u8, ref reader);
                reader.Read();
                isList |= isEvents && reader.TokenType == JsonTokenType.StartArray;
                if (!isId || id is not null || reader.TokenType != JsonTokenType.String) continue;
                var value = RawValue.Take(ref reader, 0);
                if (value.TryGetUuid(body, out _)) id = value;
            }
        }
        catch (JsonException e)
        {
            throw Envelope.NotJson(e);
        }

        return (start, inList, id);
    }

    private static (bool HasPayload, bool HasSession, bool IsOther) Members(byte[] body, int start)
    {
        if (start < 0) return default;
        var (hasPayload, hasSession, isOther) = (false, false, false);
        var reader = Reader(body, start);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            hasPayload |= RawJson.Is("payload"u8, ref reader);
            hasSession |= RawJson.Is("session_id"u8, ref reader);
            var isName = RawJson.Is("name"u8, ref reader);
            reader.Read();
            // An unreadable or non-string name counts as missing.
            if (isName && reader.TokenType == JsonTokenType.String)
                isOther = RawJson.IsReadable(ref reader) && !reader.ValueTextEquals("session"u8);
            reader.Skip();
        }

        // In a payload without its event, a member called name is not the name of an event.
        return (hasPayload, hasSession, isOther && (hasPayload || !hasSession));
    }

    private static Utf8JsonReader Reader(byte[] body, int start)
    {
        // The object may be followed by the rest of the list that contains it.
        var reader = new Utf8JsonReader(body.AsSpan(start), isFinalBlock: true, new JsonReaderState(RawJson.Options));
        reader.Read();
        return reader;
    }
}
