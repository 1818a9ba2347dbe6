using System.Collections.Concurrent;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// The states of counter items that an Aggregator saw last, so that its next write can succeed at the first attempt. Correctness does not
/// depend on them: a missing or outdated state costs one refused write.
/// </summary>
internal sealed class KnownItems
{
    private readonly ConcurrentDictionary<(CounterKey Key, string Checkpoint), KnownItem> items = [];
    private int names;

    /// <summary>
    /// Removes an item and returns it, so that no other batch changes it meanwhile; <see cref="KnownItem.New"/> when it is not there.
    /// </summary>
    public KnownItem Take(CounterKey key, StreamShard shard)
    {
        if (!items.TryRemove((key, shard.CheckpointAttribute), out var item)) return KnownItem.New;
        Interlocked.Add(ref names, -item.Names);
        return item;
    }

    public void Put(CounterKey key, StreamShard shard, KnownItem item)
    {
        if (items.Count >= Limits.RememberedItems || Volatile.Read(ref names) >= Limits.RememberedNames)
        {
            items.Clear();
            Volatile.Write(ref names, 0);
        }

        if (items.TryAdd((key, shard.CheckpointAttribute), item)) Interlocked.Add(ref names, item.Names);
    }
}
