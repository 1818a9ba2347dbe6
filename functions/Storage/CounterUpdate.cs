namespace Collector.Storage;

/// <summary>What one update changes in a counter item beside its checkpoint.</summary>
/// <param name="Added">Amounts by attribute that are added.</param>
/// <param name="Latest">Times by attribute (milliseconds since 1970) that replace older ones.</param>
internal sealed record CounterUpdate(Dictionary<string, long> Added, Dictionary<string, long> Latest)
{
    public CounterUpdate()
        : this(new(StringComparer.Ordinal), new(StringComparer.Ordinal))
    {
    }

    public int Attributes => Added.Count + Latest.Count;

    public bool Has(string attribute) => Added.ContainsKey(attribute) || Latest.ContainsKey(attribute);
}
