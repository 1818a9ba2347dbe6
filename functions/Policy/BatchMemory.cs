using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// What the cleaning of a request's events remembers from one to the next. A batch is mostly one session's: it names the same region, account, user agent
/// and, while something fails, message again and again. What a remembered field comes to depends on its own bytes alone, whoever's they are. It holds what
/// the request said, and so ends with the request.
/// </summary>
internal sealed class BatchMemory
{
    // A handful: an event's, its list's, and those of the other kinds in the batch.
    private readonly List<Fields> known = [];

    /// <summary>The memory of the fields that have their slots in these rules: an event's, or a list's entries'.</summary>
    public Fields Of(FieldRule rules)
    {
        foreach (var fields in known)
        {
            if (fields.Rules == rules) return fields;
        }

        known.Add(new Fields(rules));
        return known[^1];
    }

    internal sealed class Fields(FieldRule rules)
    {
        private readonly (byte[]? Seen, CleanValue Clean)[] last = new (byte[]?, CleanValue)[rules.Slots.Count];

        public FieldRule Rules { get; } = rules;

        /// <summary>Where the fields of the event at hand are put down.</summary>
        public JsonElement[] Found { get; } = new JsonElement[rules.Slots.Count];

        /// <summary>What this field came to the last time; false when it said something else then, to the byte.</summary>
        public bool TryRecall(int slot, ReadOnlySpan<byte> untrusted, out CleanValue clean)
        {
            clean = last[slot].Clean;
            return untrusted.SequenceEqual(last[slot].Seen);
        }

        public void Remember(int slot, ReadOnlySpan<byte> untrusted, CleanValue clean) => last[slot] = (untrusted.ToArray(), clean);
    }
}
