using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Keeps the Aggregator from counting what was erased: log items come down the stream for up to a day after they are gone, and would bring
/// the session's own counters back. What they add to the community's counters stays, as it does for those counted before.
/// </summary>
internal static class DeletedSessions
{
    /// <summary>The records without what they add to counters of erased sessions. Throws <see cref="StoreUnavailableException"/>.</summary>
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
