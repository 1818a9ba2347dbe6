using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Keeps the Aggregator from counting deleted sessions. The stream delivers log items for up to a day after their deletion, and counting
/// them would bring the session's own counters back. What they add to the counters over all users is still counted, as it is for items that
/// were counted before the deletion.
/// </summary>
internal static class DeletedSessions
{
    /// <summary>
    /// The records without their increments for counters of deleted sessions. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public static async Task<List<StreamRecord>> Without(List<StreamRecord> records, SessionExclusions marks)
    {
        var sessions = records.SelectMany(record => record.Increments).Select(i => StackMetric.SessionOf(i.Key)).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var erased = await marks.Erased(sessions);
        if (erased.Count == 0) return records;
        return [.. records.Select(record => record with { Increments = [.. record.Increments.Where(
            i => StackMetric.SessionOf(i.Key) is not { } id || !erased.Contains(id))] })];
    }
}
