
namespace Collector.Policy;

/// <summary>What the cleaning of one event needs beside its rules, and what it notes down: the stripped fields.</summary>
internal sealed class Cleaning(
    Fingerprints fingerprints, Tier tier, FieldCache memory, StrippedFields stripped, ICleaningObserver? observer = null)
{
    private StrippedFields stripped = stripped;

    public Fingerprints Fingerprints { get; } = fingerprints;

    public Tier Tier { get; } = tier;

    public FieldCache Memory { get; } = memory;

    /// <summary>Who wants to know what becomes of each field; null when events are stored.</summary>
    public ICleaningObserver? Observer { get; } = observer;

    /// <summary>The place of the list entry that is being cleaned, from 0; null outside a list.</summary>
    public int? Entry { get; set; }

    public ref StrippedFields Stripped => ref stripped;
}
