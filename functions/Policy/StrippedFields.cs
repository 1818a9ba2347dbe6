namespace Collector.Policy;

/// <summary>How often each field was stripped, by event and path, never by value.</summary>
internal struct StrippedFields
{
    private List<KeyValuePair<string, int>>? times;
    private bool isShared;

    public readonly IReadOnlyCollection<KeyValuePair<string, int>> Times => times ?? (IReadOnlyCollection<KeyValuePair<string, int>>)[];

    /// <summary>Counts a field. An event has only a few stripped fields, so a search through them is faster than a dictionary.</summary>
    public void Add(string path)
    {
        if (times is null || isShared) (times, isShared) = ([.. times ?? []], false);
        for (var i = 0; i < times.Count; i++)
        {
            if (times[i].Key != path) continue;
            times[i] = new(path, times[i].Value + 1);
            return;
        }

        times.Add(new(path, 1));
    }

    /// <summary>A copy of the counts that can be changed independently. This instance must not be changed any more.</summary>
    public readonly StrippedFields Copy() => new() { times = times, isShared = true };
}
