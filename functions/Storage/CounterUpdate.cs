namespace Collector.Storage;

/// <summary>The changes that one update makes to a counter item besides its checkpoint.</summary>
/// <param name="Added">The amounts to add, by attribute.</param>
/// <param name="Latest">The times (milliseconds since 1970) to set in place of earlier ones, by attribute.</param>
internal sealed record CounterUpdate(Dictionary<string, long> Added, Dictionary<string, long> Latest)
{
    public CounterUpdate()
        : this(new(StringComparer.Ordinal), new(StringComparer.Ordinal))
    {
    }

    public int Attributes => Added.Count + Latest.Count;

    public bool Has(string attribute) => Added.ContainsKey(attribute) || Latest.ContainsKey(attribute);
}
