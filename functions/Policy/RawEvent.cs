using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// An untrusted event as a client sent it, read once: its rule, and the positions in the request's bytes of the values that the rule needs.
/// </summary>
internal sealed class RawEvent
{
    private StrippedFields stripped;

    private RawEvent(FieldCache memory) => Memory = memory;

    /// <summary>The rule for its name; null when the policy has none.</summary>
    public EventRule? Rule { get; private init; }

    /// <summary>Its values; null if nothing of the event is kept.</summary>
    public RawFields? Fields { get; private init; }

    /// <summary>The cache that it shares with the other events of its request.</summary>
    public FieldCache Memory { get; }

    /// <summary>The fields that no rule keeps.</summary>
    public StrippedFields Stripped => stripped;

    /// <summary>
    /// The id of its session as the table stores it; null if it names none or its kind is not connected to sessions (I4).
    /// </summary>
    public string? Session =>
        Rule is { BelongsToSession: true } && Fields is { } fields ? Memory.SessionId(fields.Session) : null;

    /// <summary>Whether it has a value of any shape for the field that is stored under this name.</summary>
    public bool Sends(string name) => Fields is { } fields && fields.Sends(name);

    /// <summary>Reads one event; on return the reader is on its last token.</summary>
    public static RawEvent Read(ref Utf8JsonReader reader, CollectionPolicy policy, FieldCache memory)
    {
        var beginning = reader;
        var rule = policy.Find(ref reader, out var isFirst);
        // All recorded clients send the name first; then nothing is read twice.
        if (rule is not { Collected: true } || !isFirst) reader = beginning;
        if (rule is { Collected: true }) return Read(ref reader, rule, memory);
        reader.Skip();
        return new RawEvent(memory) { Rule = rule };
    }

    /// <summary>
    /// Reads the members of an event that the policy collects: all of them, or those after its name. On return the reader is on the event's
    /// last token. <paramref name="from"/> is the position of the reader's first byte in the body.
    /// </summary>
    /// <param name="part">The member of the event that was sent without the event around it; null for a whole event.</param>
    public static RawEvent Read(ref Utf8JsonReader reader, EventRule rule, FieldCache memory, int from = 0, string? part = null)
    {
        var read = new RawEvent(memory) { Rule = rule, Fields = new RawFields(rule.Fields) };
        if (part is null) read.Fields.Read(ref reader, from, ref read.stripped);
        else read.Fields.ReadPart(part, ref reader, from, ref read.stripped);
        return read;
    }
}
