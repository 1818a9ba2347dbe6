using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// What one request may still claim. An event that claims more is dropped whole: where one part can't be true, the rest is not believed
/// either. The other events of the request stay.
/// </summary>
internal sealed class RequestBudget(RequestLimits limits)
{
    private readonly HashSet<(string Service, string Operation)> operations = [];
    private int entries;
    private long calls;

    /// <summary>Takes what an event needs off the budget; or leaves it as it is, and says why the event is dropped.</summary>
    public Outcome? Take(CleanEvent clean)
    {
        return clean switch
        {
            CleanEvent.Counts counts => Take(counts),
            CleanEvent.Features features => Take(features),
            // One event is one call or one command.
            _ => null,
        };
    }

    private Outcome? Take(CleanEvent.Features features)
    {
        foreach (var use in features.Uses)
        {
            // A histogram's amount is a duration.
            foreach (var sum in use.Sums)
                if (!sum.Histogram && sum.Amount > Limits.UsesPerEntry) return Outcome.Implausible;
        }

        return TakeEntries(features.Uses.Count);
    }

    private Outcome? Take(CleanEvent.Counts counts)
    {
        var claimed = 0L;
        foreach (var entry in counts.Entries)
        {
            if (entry.Calls > limits.CallsPerEntry) return Outcome.Implausible;
            claimed += entry.Calls;
        }

        if (calls + claimed > limits.CallsPerRequest) return Outcome.Implausible;
        if (!HasRoomFor(counts) || TakeEntries(counts.Entries.Count) is not null) return Outcome.TooMany;
        foreach (var entry in counts.Entries) operations.Add((entry.Service, entry.Operation));
        calls += claimed;
        return null;
    }

    private Outcome? TakeEntries(int more)
    {
        if (entries + more > limits.Entries) return Outcome.TooMany;
        entries += more;
        return null;
    }

    private bool HasRoomFor(CleanEvent.Counts counts)
    {
        // Most requests have no more entries than they may have operations.
        if (operations.Count + counts.Entries.Count <= limits.Operations) return true;
        var more = counts.Entries.Select(entry => (entry.Service, entry.Operation)).ToHashSet();
        more.ExceptWith(operations);
        return operations.Count + more.Count <= limits.Operations;
    }
}
