using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Counts records of a stream shard exactly once: folds what they add, per counter item, and writes each item's numbers together with the position up
/// to which the shard is now counted into it. Whatever is delivered again is found to be counted (I3).
/// </summary>
internal sealed class Aggregator(CountersTable counters, byte[] policyHash, Func<CounterKey, DateTimeOffset?> expiry, Action<CounterItemFullException> onFull)
{
    /// <summary>Attributes in one update: an expression is at most 4 KB of text, and one attribute takes up to 11 bytes of it.</summary>
    public const int MaxAttributes = 200;

    private const int ParallelWrites = 16;

    /// <summary>
    /// Counts a batch, in the order of the shard. The answer is null when all of it is counted, else the first record that may not be: from there the
    /// batch has to be delivered again.
    /// </summary>
    public async Task<StreamRecord?> Count(StreamShard shard, IReadOnlyList<StreamRecord> records, CancellationToken cancel = default)
    {
        var byItem = new Dictionary<CounterKey, List<(StreamRecord Record, Increment Increment)>>();
        foreach (var record in records)
        {
            foreach (var increment in record.Increments)
            {
                if (!byItem.TryGetValue(increment.Key, out var list)) byItem.Add(increment.Key, list = []);
                list.Add((record, increment));
            }
        }

        var failed = new List<StreamRecord>();
        await Parallel.ForEachAsync(byItem, new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancel }, async (item, _) =>
        {
            if (await CountItem(item.Key, item.Value, shard, records[^1].Position) is { } record)
            {
                lock (failed) failed.Add(record);
            }
        });
        return failed.Count == 0 ? null : failed.MinBy(r => r.Position);
    }

    private async Task<StreamRecord?> CountItem(
        CounterKey key, List<(StreamRecord Record, Increment Increment)> increments, StreamShard shard, StreamPosition end)
    {
        var from = 0;
        while (from < increments.Count)
        {
            var (amounts, next) = Fold(increments, from);
            // The position is the batch's end and not this item's last record: one command's counter must not tell when it was last used (I4).
            var last = next == increments.Count ? end : increments[next - 1].Record.Position;
            try
            {
                var counted = await counters.Add(key, amounts, shard, increments[from].Record.Position, last, expiry(key), policyHash);
                if (counted is null) from = next;
                else while (from < increments.Count && increments[from].Record.Position <= counted) from++;
            }
            catch (StoreUnavailableException)
            {
                return increments[from].Record;
            }
            catch (CounterItemFullException e)
            {
                // It will not get emptier: what it cannot hold is left out, and said so, rather than stopping everything behind it.
                onFull(e);
                return null;
            }
        }

        return null;
    }

    // As many records as fit into one update, always whole ones: a position can only stand between two.
    private static (Dictionary<string, long> Amounts, int Next) Fold(List<(StreamRecord Record, Increment Increment)> increments, int from)
    {
        var amounts = new Dictionary<string, long>(StringComparer.Ordinal);
        var next = from;
        while (next < increments.Count)
        {
            var end = next;
            var record = increments[next].Record;
            var more = 0;
            for (; end < increments.Count && increments[end].Record == record; end++)
            {
                if (!amounts.ContainsKey(increments[end].Increment.Attribute)) more++;
            }

            if (next > from && amounts.Count + more > MaxAttributes) break;
            for (; next < end; next++)
            {
                var (_, attribute, amount) = increments[next].Increment;
                amounts[attribute] = attribute == CounterAttributes.LastSeen
                    ? Math.Max(amount, amounts.GetValueOrDefault(attribute)) : amounts.GetValueOrDefault(attribute) + amount;
            }
        }

        return (amounts, next);
    }
}
