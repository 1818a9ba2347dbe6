using System.Globalization;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>
/// The outcome of each day's events, one item per day and counter shard: <c>received</c>, <c>stored</c>, <c>dropped#&lt;reason&gt;</c>,
/// <c>stripped#&lt;event and path&gt;</c>, and the number of log items that could not be read.
/// </summary>
internal static class LedgerMetric
{
    public static readonly Metric Metric = new("ledger", ShownByDay: true);

    /// <summary>
    /// A reference to each log item that could not be read, for the operator. It is kept as long as the log items that are kept longest.
    /// </summary>
    public static readonly Metric UnreadableItems = new("unreadable", Retention: "call");

    public const string Received = "received";
    public const string Stored = "stored";
    public const string Unreadable = "unreadable";
    public const string DroppedPrefix = "dropped#";
    public const string StrippedPrefix = "stripped#";

    /// <summary>Adds the outcome of events. received = stored + dropped, because these three are in one item.</summary>
    public static void Add(
        long stored, IEnumerable<KeyValuePair<string, long>> dropped, IEnumerable<KeyValuePair<string, long>> stripped, string day,
        int shard,
        List<Increment> increments)
    {
        var key = Key(day, shard);
        var received = stored;
        if (stored > 0) increments.Add(new(key, Stored, stored));
        foreach (var (reason, events) in dropped)
        {
            received += events;
            increments.Add(new(key, DroppedPrefix + reason, events));
        }

        if (received > 0) increments.Add(new(key, Received, received));
        foreach (var (field, times) in stripped) increments.Add(new(key, StrippedPrefix + field, times));
    }

    /// <summary>
    /// Counts a record that could not be read in its day's ledger, so that nothing disappears silently. A reference keeps its stream shard,
    /// its sequence number and the last part of its receipt, which identifies the log item and reveals nothing of its contents or session.
    /// </summary>
    /// <param name="at">When the record entered the stream: the same at every delivery, so that it counts once.</param>
    public static List<Increment> UnreadableRecord(DateTimeOffset at, string shardId, string sequenceNumber, string receipt, int shard)
    {
        var day = Day.Of(at);
        return
        [
            new(Key(day, shard), Unreadable, 1),
            new(new CounterKey(UnreadableItems.OfDay(day), $"{shardId}|{sequenceNumber}|{receipt}"), Unreadable, 1),
        ];
    }

    private static CounterKey Key(string day, int shard) => new(Metric.OfDay(day), shard.ToString(CultureInfo.InvariantCulture));
}
