using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// Tracks how much one request may still claim. An event that exceeds the budget is dropped completely: if one part cannot be true, the
/// rest is not trusted either. The other events of the request are kept.
/// </summary>
internal sealed class RequestBudget(RequestLimits limits)
{
    private readonly HashSet<(string Service, string Operation)> operations = [];
    private int entries;
    private long calls;

    /// <summary>
    /// Subtracts an event from the budget and returns null. If the event does not fit, returns the reason for dropping it and changes
    /// nothing.
    /// </summary>
    public Outcome? Take(CleanEvent clean)
    {
        return clean switch
        {
            CleanEvent.Counts counts => Take(counts),
            CleanEvent.Features features => Take(features),
            // Any other event is one call or one command.
            _ => null,
        };
    }

    private Outcome? Take(CleanEvent.Features features)
    {
        foreach (var use in features.Uses)
        {
            // The amount of a histogram is a duration, not a number of uses.
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
        // In most requests even the number of entries is below the limit on operations.
        if (operations.Count + counts.Entries.Count <= limits.Operations) return true;
        var more = counts.Entries.Select(entry => (entry.Service, entry.Operation)).ToHashSet();
        more.ExceptWith(operations);
        return operations.Count + more.Count <= limits.Operations;
    }
}
