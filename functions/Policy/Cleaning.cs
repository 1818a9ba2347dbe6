namespace Collector.Policy;

/// <summary>The cleaning of one event: its inputs other than the rules, and the fields that it stripped.</summary>
internal sealed class Cleaning(
    Fingerprints fingerprints, Tier tier, FieldCache memory, StrippedFields stripped, ICleaningObserver? observer = null)
{
    private StrippedFields stripped = stripped;

    public Fingerprints Fingerprints { get; } = fingerprints;

    public Tier Tier { get; } = tier;

    public FieldCache Memory { get; } = memory;

    /// <summary>Is told the result for each field; null when events are stored.</summary>
    public ICleaningObserver? Observer { get; } = observer;

    /// <summary>The index of the list entry that is being cleaned, from 0; null outside a list.</summary>
    public int? Entry { get; set; }

    public ref StrippedFields Stripped => ref stripped;
}
