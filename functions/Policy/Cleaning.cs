using Collector.Policy.Sent;

namespace Collector.Policy;

/// <summary>What the cleaning of one event needs beside its rules, and what it notes down: the stripped fields.</summary>
internal sealed class Cleaning(Fingerprints fingerprints, EventTier tier, BatchMemory memory, StrippedFields stripped)
{
    /// <summary>The longest list of words that is kept (issue: command paths and parameter names of at most five words).</summary>
    public const int MaxTexts = 5;

    /// <summary>Entries of one list that are looked at. Clients send "from a few to some hundreds" (protocol.md).</summary>
    public const int MaxEntries = 5_000;

    private StrippedFields stripped = stripped;

    public Fingerprints Fingerprints { get; } = fingerprints;

    public EventTier Tier { get; } = tier;

    public BatchMemory Memory { get; } = memory;

    public ref StrippedFields Stripped => ref stripped;
}
