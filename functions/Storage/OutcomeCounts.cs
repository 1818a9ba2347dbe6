namespace Collector.Storage;

/// <summary>
/// The outcome of a request's events, or of some of them: received = stored + dropped, and how often each field was stripped (I6). Outcomes
/// are counted per event, stripped fields by event and path.
/// </summary>
internal sealed class OutcomeCounts
{
    public long Stored { get; set; }

    /// <summary>How many events were dropped, by reason.</summary>
    public Dictionary<string, long> Dropped { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Stripped { get; } = new(StringComparer.Ordinal);

    public void Drop(string reason, long events = 1) => Dropped[reason] = Dropped.GetValueOrDefault(reason) + events;

    public void Strip(IReadOnlyCollection<KeyValuePair<string, int>> fields)
    {
        foreach (var (field, times) in fields) Stripped[field] = Stripped.GetValueOrDefault(field) + times;
    }
}
