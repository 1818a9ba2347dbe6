using System.Globalization;
using Collector.Policy;
using Collector.Redaction;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>What a log item adds to the counters: the one place that says what is counted of an event.</summary>
internal static class LogIncrements
{
    /// <param name="entry">The item's content.</param>
    /// <param name="sessionId">The session whose calls it holds; null for an anonymous item.</param>
    /// <param name="at">When it was received; of an anonymous item only the hour is known.</param>
    /// <param name="shard">The counter shard.</param>
    public static List<Increment> Of(LogEntry entry, string? sessionId, DateTimeOffset at, int shard)
    {
        var day = Day(at);
        var increments = new List<Increment>();
        foreach (var count in entry.Counts ?? []) increments.Add(Request(day, count.Service, count.Operation, count.StatusCode, count.Count, shard));
        foreach (var call in entry.Calls ?? []) increments.Add(Request(day, call.Service, call.Operation, call.StatusCode, 1, shard));
        if (sessionId is not null) AddStack(entry.Calls ?? [], sessionId, at, increments);
        foreach (var invocation in entry.Cli ?? []) AddCli(invocation, day, shard, increments);
        foreach (var feature in entry.Features ?? []) AddFeature(feature, day, shard, increments);
        AddBalance(entry, day, shard, increments);
        return increments;
    }

    /// <summary>
    /// A record that could not be read: it is counted in its day's ledger, so that nothing disappears in silence, and referred to, so that somebody can
    /// find it. The shard goes on behind it: Lambda's retries would hold up all others, and what cannot be read now cannot be read then.
    /// </summary>
    /// <param name="at">When the record came into the stream: the same at every delivery, so that it counts once.</param>
    public static List<Increment> Unreadable(DateTimeOffset at, string shardId, string sequenceNumber, string receipt, int shard) =>
    [
        new(CounterKey.Ledger(Day(at), shard), CounterAttributes.Unreadable, 1),
        new(CounterKey.Unreadable(Day(at), shardId, sequenceNumber, receipt), CounterAttributes.Unreadable, 1),
    ];

    /// <summary>The day that something counts for: the server's, UTC.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Increment Request(string day, string service, string operation, int status, long calls, int shard) =>
        new(CounterKey.Requests(day, service, AwsCatalog.Rank(service, operation), shard), CounterAttributes.Request(operation, status), calls);

    private static void AddStack(IReadOnlyList<LoggedCall> calls, string sessionId, DateTimeOffset at, List<Increment> increments)
    {
        var hour = CounterKey.StackHour(sessionId, at.UtcDateTime.ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture));
        var total = CounterKey.StackTotal(sessionId);
        var minute = at.Minute;
        foreach (var call in calls)
        {
            increments.Add(new(hour, CounterAttributes.Call(call.Service, call.Operation, call.StatusCode), 1));
            increments.Add(new(hour, CounterAttributes.Number(CounterAttributes.MinutePrefix, minute), 1));
            if (call.UserAgent is { } agent) increments.Add(new(hour, CounterAttributes.UserAgentPrefix + agent, 1));
            if (call.Region is { } region) increments.Add(new(hour, CounterAttributes.RegionPrefix + region, 1));
            increments.Add(new(total, CounterAttributes.Calls, 1));
            increments.Add(new(total, CounterAttributes.ServicePrefix + call.Service, 1));
            if (call.StatusCode < 400) continue;
            increments.Add(new(hour, CounterAttributes.Number(CounterAttributes.FailedMinutePrefix, minute), 1));
            increments.Add(new(total, CounterAttributes.Failed, 1));
        }

        increments.Add(new(total, CounterAttributes.LastSeen, at.ToUnixTimeMilliseconds()));
    }

    private static void AddCli(LoggedInvocation invocation, string day, int shard, List<Increment> increments)
    {
        var key = CounterKey.Cli(day, invocation.Command, string.Join(',', invocation.Parameters), shard);
        increments.Add(new(key, CounterAttributes.Invocations, 1));
    }

    private static void AddFeature(LoggedFeature feature, string day, int shard, List<Increment> increments)
    {
        var labels = string.Join(',', feature.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
        var key = CounterKey.Features(day, feature.Feature, labels, shard);
        increments.Add(new(key, CounterAttributes.Uses, 1));
        foreach (var sum in feature.Sums ?? [])
        {
            increments.Add(new(key, CounterAttributes.SumPrefix + sum.Name, sum.Amount));
            if (sum.Histogram) increments.Add(new(key, CounterAttributes.Histogram(sum.Name, CleanFields.PowerOfTwo(sum.Amount)), 1));
        }
    }

    private static void AddBalance(LogEntry entry, string day, int shard, List<Increment> increments)
    {
        var key = CounterKey.Ledger(day, shard);
        var received = entry.Stored;
        if (entry.Stored > 0) increments.Add(new(key, CounterAttributes.Stored, entry.Stored));
        foreach (var (reason, events) in entry.Dropped ?? Nothing)
        {
            received += events;
            increments.Add(new(key, CounterAttributes.DroppedPrefix + reason, events));
        }

        if (received > 0) increments.Add(new(key, CounterAttributes.Received, received));
        foreach (var (field, times) in entry.Stripped ?? Nothing) increments.Add(new(key, CounterAttributes.StrippedPrefix + field, times));
    }

    private static readonly Dictionary<string, long> Nothing = [];
}
