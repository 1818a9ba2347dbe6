using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Keeps the Aggregator from counting deleted sessions: the stream delivers log items for up to a day after they were deleted, which would
/// create the session's own counters again. Their increments for the counters over all users stay, as for items that were counted before.
/// </summary>
internal static class DeletedSessions
{
    /// <summary>The records without increments for deleted sessions' counters. Throws <see cref="StoreUnavailableException"/>.</summary>
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
