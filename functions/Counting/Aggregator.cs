using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Counts the records of a stream shard exactly once. It adds up their increments for each counter item and writes the sums together
/// with the checkpoint, the position up to which the shard is now counted into the item. A record that is delivered again is
/// recognised as counted (I3).
/// </summary>
/// <param name="expiry">When a counter item expires; null for an item that does not.</param>
/// <param name="report">Receives the conditions that an operator must know about.</param>
/// <param name="remembered">The states of counter items that are known from earlier batches; null to start without any.</param>
internal sealed class Aggregator(
    CountersTable counters, CheckpointSeal seal, byte[] policyHash, Func<CounterKey, DateTimeOffset?> expiry,
    Action<CountingTrouble, CounterKey> report,
    KnownItems? remembered = null)
{
    private const int ParallelWrites = 16;

    // Attempts in a row that change nothing. A refused write returns the item's current state, from which the next attempt starts. Only
    // writers of the same shard change its checkpoint, and each of them moves it forward.
    private const int Attempts = 20;

    private readonly KnownItems known = remembered ?? new KnownItems();

    /// <summary>
    /// Counts a batch in the order of the shard. Returns null when all of it is counted, otherwise the first record that may not be: the
    /// batch must be delivered again from there.
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
        await Parallel.ForEachAsync(byItem, new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancel },
            async (item, _) =>
        {
            if (await CountItem(item.Key, item.Value, shard, records[^1].Position) is { } record)
            {
                lock (failed) failed.Add(record);
            }
        });
        return failed.MinBy(record => record.Position);
    }

    private async Task<StreamRecord?> CountItem(
        CounterKey key, List<(StreamRecord Record, Increment Increment)> increments, StreamShard shard, StreamPosition end)
    {
        var item = known.Take(key, shard);
        var growsByNames = AllMetrics.Of(key).GrowsByNames;
        var from = 0;
        var most = Limits.AttributesPerUpdate;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            while (from < increments.Count && increments[from].Record.Position <= item.Checkpoint?.Position) from++;
            if (from == increments.Count) break;
            if (item.Checkpoint is { IsClosed: true })
            {
                known.Put(key, shard, item);
                return await CountOverflow(key, increments[from..], shard, end);
            }

            var (change, next, grows) = Combine(increments, from, item, most);
            // The checkpoint is the end of the batch and not this item's last record: the records in between have no
            // increments for this item.
            var checkpoint = new Checkpoint(next == increments.Count ? end : increments[next - 1].Record.Position);
            CounterWrite write;
            try
            {
                write = await Write(key, change, checkpoint, shard, item, growsByNames, grows && growsByNames);
                if (write.Outcome == CounterWriteOutcome.Full && most > 1 && increments[from].Record != increments[next - 1].Record)
                {
                    // An update with fewer records may fit.
                    (most, attempt) = (Math.Max(1, most / 2), -1);
                    continue;
                }

                if (write.Outcome == CounterWriteOutcome.Full)
                {
                    // Every increment must be counted: from here on, the shard's increments for this item count in its overflow item.
                    checkpoint = new Checkpoint(item.Checkpoint?.Position ?? StreamPosition.Start, IsClosed: true);
                    write = await Write(key, new CounterUpdate(), checkpoint, shard, item, growsByNames, false);
                    next = from;
                    // If even a first checkpoint does not fit, the item contains nothing of this shard and never will: the
                    // overflow item takes everything.
                    if (write.Outcome == CounterWriteOutcome.Full) return await CountOverflow(key, increments[from..], shard, end);
                }
            }
            catch (StoreUnavailableException)
            {
                return increments[from].Record;
            }

            if (write.Outcome == CounterWriteOutcome.Done)
            {
                (from, attempt) = (next, -1);
            }
            else
            {
                item = Found(write.Item, key, shard, growsByNames);
            }
        }

        if (from < increments.Count) return increments[from].Record;
        known.Put(key, shard, item);
        return null;
    }

    private Task<StreamRecord?> CountOverflow(
        CounterKey key, List<(StreamRecord Record, Increment Increment)> increments, StreamShard shard, StreamPosition end)
    {
        report(CountingTrouble.ItemFull, key);
        return CountItem(key with { Group = Group.Overflow(key.Group) }, Overflowed(key, increments), shard, end);
    }

    private async Task<CounterWrite> Write(
        CounterKey key, CounterUpdate change, Checkpoint checkpoint, StreamShard shard, KnownItem item, bool growsByNames, bool wantsItem)
    {
        var value = seal.Seal(checkpoint, key, shard);
        var write = await counters.Write(
            key, change, shard.CheckpointAttribute, value, item.Stored, growsByNames && item.IsNew, wantsItem, expiry(key), policyHash);
        if (write.Outcome != CounterWriteOutcome.Done) return write;
        item.Moved(value, checkpoint);
        // Names that other stream shards have added take room too.
        if (write.Item is { } state) item.AddNames(state.Numbers.Keys);
        return write;
    }

    private KnownItem Found(CounterState? state, CounterKey key, StreamShard shard, bool growsByNames)
    {
        if (state is null) return KnownItem.New;
        var checkpoint = state.Checkpoint is { } stored ? seal.Open(stored, key, shard) : null;
        // A checkpoint that was sealed with an earlier secret cannot be opened. The records are then counted, and at most
        // one delivery counts twice.
        if (checkpoint is null && state.Checkpoint is not null) report(CountingTrouble.CheckpointUnreadable, key);
        return KnownItem.Of(state, checkpoint, growsByNames);
    }

    private static List<(StreamRecord Record, Increment Increment)> Overflowed(
        CounterKey key, List<(StreamRecord Record, Increment Increment)> increments)
    {
        var overflow = key with { Group = Group.Overflow(key.Group) };
        return increments.ConvertAll(i => (i.Record, i.Increment with
        {
            Key = overflow, Attribute = i.Increment.Otherwise ?? i.Increment.Attribute, Room = null,
        }));
    }

    // Combines as many records as fit into one update. A checkpoint can only be between two records, so records are never split.
    private static (CounterUpdate Change, int Next, bool Grows) Combine(
        List<(StreamRecord Record, Increment Increment)> increments, int from, KnownItem item, int most)
    {
        var change = new CounterUpdate();
        var next = from;
        var names = item.Names;
        while (next < increments.Count)
        {
            var record = increments[next].Record;
            var end = next;
            var more = 0;
            for (; end < increments.Count && increments[end].Record == record; end++)
            {
                if (!change.Has(increments[end].Increment.Attribute)) more++;
            }

            if (next > from && change.Attributes + more > most) break;
            for (; next < end; next++)
            {
                var increment = increments[next].Increment;
                var attribute = item.Admit(increment);
                if (increment.IsTime) change.Latest[attribute] = Math.Max(increment.Amount, change.Latest.GetValueOrDefault(attribute));
                else change.Added[attribute] = change.Added.GetValueOrDefault(attribute) + increment.Amount;
            }
        }

        return (change, next, item.Names > names);
    }
}
