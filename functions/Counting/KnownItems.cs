using System.Collections.Concurrent;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// The last known states of counter items, so that the Aggregator's next write can succeed at the first attempt. Nothing depends on them: a
/// missing or outdated state costs one refused write.
/// </summary>
internal sealed class KnownItems
{
    private readonly ConcurrentDictionary<(CounterKey Key, string Checkpoint), KnownItem> items = [];
    private int names;

    /// <summary>Removes and returns an item, so that no other batch uses it at the same time; a new one when it is not known.</summary>
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
