namespace Collector.Storage;

/// <summary>
/// What became of a request's events, or of a part of them: received = stored + dropped, and how often each field was stripped (I6).
/// Counted in events, fields by event and path.
/// </summary>
internal sealed class OutcomeCounts
{
    public long Stored { get; set; }

    /// <summary>Events dropped, by reason.</summary>
    public Dictionary<string, long> Dropped { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Stripped { get; } = new(StringComparer.Ordinal);

    public void Drop(string reason, long events = 1) => Dropped[reason] = Dropped.GetValueOrDefault(reason) + events;

    public void Strip(IReadOnlyCollection<KeyValuePair<string, int>> fields)
    {
        foreach (var (field, times) in fields) Stripped[field] = Stripped.GetValueOrDefault(field) + times;
    }
}
