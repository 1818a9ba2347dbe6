using System.Globalization;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// The bytes of a request and the cleaned values of its last event. Most batches come from one session, so their events have the same
/// region, account, user agent and, while something fails, the same message. A cleaned value depends only on the sent bytes, so equal bytes
/// are not cleaned again. The cache contains data from a client and is therefore discarded with the request.
/// </summary>
internal sealed class FieldCache(byte[] body)
{
    // Only a few: those of an event, of its list, and of the other kinds in the batch.
    private readonly List<Fields> known = [];

    // The last session id that was read: as it was sent, and as the table stores it.
    private (RawValue Value, string? Text) session;

    private readonly byte[] body = body.Length <= RawValue.MaxBody
        ? body : throw new ArgumentException($"a body must not have more than {RawValue.MaxBody} bytes", nameof(body));

    public ReadOnlySpan<byte> Body => body;

    /// <summary>
    /// A session id as the table stores it; null if the value is not a UUID. The events of a batch usually name the same one, byte for
    /// byte.
    /// </summary>
    public string? SessionId(RawValue value)
    {
        if (session.Text is { } text && value.Type == JsonTokenType.String && session.Value.In(body).SequenceEqual(value.In(body)))
            return text;
        if (!value.TryGetUuid(body, out var id)) return null;
        session = (value, id.ToString("D", CultureInfo.InvariantCulture));
        return session.Text;
    }

    /// <summary>The remembered values for the rules of an event or of a list's entries.</summary>
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
        // Empty slots start at 0. No text does, because its quotation mark comes before it.
        private readonly (int Start, int Length, CleanValue Clean)[] last = new (int, int, CleanValue)[rules.Slots.Count];

        public FieldRule Rules { get; } = rules;

        /// <summary>Takes the values of one list entry; reused for all entries.</summary>
        public RawFields Entry => field ??= new RawFields(Rules);

        /// <summary>The cleaned value of this text; false if the last text for this slot was not identical to the byte.</summary>
        public bool TryRecall(int slot, RawValue text, out CleanValue clean)
        {
            ref readonly var seen = ref last[slot];
            clean = seen.Clean;
            return seen.Start > 0 && seen.Length == text.Length && text.In(body).SequenceEqual(body.AsSpan(seen.Start, seen.Length));
        }

        public void Remember(int slot, RawValue text, CleanValue clean) => last[slot] = (text.Start, text.Length, clean);
    }
}
