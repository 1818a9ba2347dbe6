using Collector.Policy;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>The increments of each kind of stored item, from every metric that the item concerns.</summary>
internal static class Increments
{
    private static readonly Dictionary<string, long> Nothing = [];

    /// <summary>The increments of a log item of a session's calls.</summary>
    /// <param name="at">When the server received it.</param>
    /// <param name="shard">The counter shard.</param>
    public static List<Increment> OfCalls(LogEntry entry, string sessionId, DateTimeOffset at, int shard)
    {
        var increments = new List<Increment>();
        StackMetric.Add(entry.Calls ?? [], sessionId, at, increments);
        AddForAll(entry, Day.Of(at), shard, increments);
        return increments;
    }

    /// <summary>The increments of an anonymous log item.</summary>
    /// <param name="hour">The hour in which the server received it.</param>
    public static List<Increment> OfAnonymous(LogEntry entry, DateTimeOffset hour, int shard)
    {
        var day = Day.Of(hour);
        var increments = new List<Increment>();
        foreach (var invocation in entry.Cli ?? []) increments.Add(CliMetric.Of(invocation, day, shard));
        foreach (var use in entry.Features ?? []) FeatureMetric.Add(use, day, shard, increments);
        AddForAll(entry, day, shard, increments);
        return increments;
    }

    /// <summary>The increments of a session's registration.</summary>
    public static List<Increment> OfSession(RegisteredSession session, int shard, Fingerprints fingerprints)
    {
        var day = Day.Of(session.StartedAt);
        var increments = new List<Increment>();
        if (session.Status == SessionStatus.OptedOut)
        {
            LedgerMetric.Add(0, [new(Outcome.OptedOut.Name(), 1)], [], day, shard, increments);
            return increments;
        }

        LedgerMetric.Add(1, [], session.Stripped, day, shard, increments);
        SessionMetric.Add(session, day, shard, fingerprints, increments);
        return increments;
    }

    public static List<Increment> OfActivation(RecordedActivation activation) => [CreditMetric.Of(activation)];

    // Calls of Pro sessions and anonymous counts are added up together.
    private static void AddForAll(LogEntry entry, string day, int shard, List<Increment> increments)
    {
        foreach (var count in entry.Counts ?? [])
            increments.Add(RequestMetric.Calls(day, count.Service, count.Operation, count.StatusCode, count.Count, shard));
        foreach (var call in entry.Calls ?? []) increments.Add(
            RequestMetric.Calls(day, call.Service, call.Operation, call.StatusCode, 1, shard));
        LedgerMetric.Add(entry.Stored, entry.Dropped ?? Nothing, entry.Stripped ?? Nothing, day, shard, increments);
    }
}
