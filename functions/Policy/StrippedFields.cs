namespace Collector.Policy;

/// <summary>How often each field was stripped, by event and path, never by value.</summary>
internal struct StrippedFields
{
    private List<KeyValuePair<string, int>>? times;
    private bool isShared;

    public readonly IReadOnlyCollection<KeyValuePair<string, int>> Times => times ?? (IReadOnlyCollection<KeyValuePair<string, int>>)[];

    /// <summary>Counts a field. An event has a handful of them: to look through these is quicker than a dictionary.</summary>
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

    /// <summary>The same counts, which go on by themselves. These go on no more.</summary>
    public readonly StrippedFields Copy() => new() { times = times, isShared = true };
}
