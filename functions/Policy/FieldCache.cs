using System.Globalization;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// A request's bytes, and the cleaned values of its last event. Most batches come from one session: their events have the same region,
/// account, user agent and, while something fails, the same message. A cleaned value depends on the sent bytes alone, so equal bytes need
/// no second cleaning. The cache holds what a client sent, so it lives no longer than the request.
/// </summary>
internal sealed class FieldCache(byte[] body)
{
    // A handful: an event's, its list's, and those of the other kinds in the batch.
    private readonly List<Fields> known = [];

    // The last session id that was read, as it was sent and as its table writes it.
    private (RawValue Value, string? Text) session;

    private readonly byte[] body = body.Length <= RawValue.MaxBody
        ? body : throw new ArgumentException($"a body has at most {RawValue.MaxBody} bytes", nameof(body));

    public ReadOnlySpan<byte> Body => body;

    /// <summary>
    /// A session's id as its table writes it; null for what is no UUID. The events of a batch name the same one, byte for byte.
    /// </summary>
    public string? SessionId(RawValue value)
    {
        if (session.Text is { } text && value.Type == JsonTokenType.String && session.Value.In(body).SequenceEqual(value.In(body)))
            return text;
        if (!value.TryGetUuid(body, out var id)) return null;
        session = (value, id.ToString("D", CultureInfo.InvariantCulture));
        return session.Text;
    }

    /// <summary>The memory of the fields that have their slots in these rules: an event's, or a list's entries'.</summary>
    public Fields Of(FieldRule rules)
    {
        foreach (var fields in known)
        {
            if (fields.Rules == rules) return fields;
        }

        known.Add(new Fields(rules, body));
        return known[^1];
    }

    internal sealed class Fields(FieldRule rules, byte[] body)
    {
        // No text begins at 0: its quotation mark comes before it.
        private readonly (int Start, int Length, CleanValue Clean)[] last = new (int, int, CleanValue)[rules.Slots.Count];

        public FieldRule Rules { get; } = rules;

        /// <summary>Where the values of a list's entry are put down, one entry after the other.</summary>
        public RawFields Entry => field ??= new RawFields(Rules);

        /// <summary>What this text came to the last time; false when it said something else then, to the byte.</summary>
        public bool TryRecall(int slot, RawValue text, out CleanValue clean)
        {
            ref readonly var seen = ref last[slot];
            clean = seen.Clean;
            return seen.Start > 0 && seen.Length == text.Length && text.In(body).SequenceEqual(body.AsSpan(seen.Start, seen.Length));
        }

        public void Remember(int slot, RawValue text, CleanValue clean) => last[slot] = (text.Start, text.Length, clean);
    }
}
