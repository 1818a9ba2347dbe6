
namespace Collector.Policy;

/// <summary>What the cleaning of one event needs beside its rules, and what it notes down: the stripped fields.</summary>
internal sealed class Cleaning(Fingerprints fingerprints, Tier tier, FieldCache memory, StrippedFields stripped)
{
    private StrippedFields stripped = stripped;

    public Fingerprints Fingerprints { get; } = fingerprints;

    public Tier Tier { get; } = tier;

    public FieldCache Memory { get; } = memory;

    public ref StrippedFields Stripped => ref stripped;
}
