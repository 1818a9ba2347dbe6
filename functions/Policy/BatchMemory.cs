using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// What the cleaning of a request's events remembers from one to the next. A batch is one session's: it names the same region, account, user agent and,
/// while something fails, message again and again, and what says the same comes to the same. It holds parts of the request's own document, and ends with it.
/// </summary>
internal sealed class BatchMemory
{
    private readonly Dictionary<FieldRule, Fields> fields = [];

    /// <summary>The memory of the fields that have their slots in these rules: an event's, or a list's entries'.</summary>
    public Fields Of(FieldRule rules)
    {
        if (!fields.TryGetValue(rules, out var memory)) fields.Add(rules, memory = new Fields(rules.Slots.Count));
        return memory;
    }

    internal sealed class Fields(int slots)
    {
        private readonly byte[]?[] seen = new byte[]?[slots];
        private readonly CleanValue[] cleaned = new CleanValue[slots];

        /// <summary>Where the fields of the event at hand are put down.</summary>
        public JsonElement[] Found { get; } = new JsonElement[slots];

        /// <summary>What this field came to the last time; false when it said something else then, to the byte.</summary>
        public bool TryRecall(int slot, ReadOnlySpan<byte> untrusted, out CleanValue clean)
        {
            clean = cleaned[slot];
            return untrusted.SequenceEqual(seen[slot]);
        }

        public void Remember(int slot, ReadOnlySpan<byte> untrusted, CleanValue clean)
        {
            if (seen[slot]?.Length != untrusted.Length) seen[slot] = new byte[untrusted.Length];
            untrusted.CopyTo(seen[slot]);
            cleaned[slot] = clean;
        }
    }
}
