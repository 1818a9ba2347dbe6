using System.Security.Cryptography;
using System.Text;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>A shard of a table's stream, the only place within which positions can be compared.</summary>
internal sealed class StreamShard
{
    /// <summary>
    /// The number of counter shards: enough that Aggregators of a few stream shards rarely write the same item, and few enough to read a
    /// day with one query.
    /// </summary>
    public const int CounterShards = 8;

    public StreamShard(string streamArn, string shardId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{streamArn}/{shardId}"));
        CheckpointAttribute = CountersTable.CheckpointMark + Convert.ToHexStringLower(hash.AsSpan(0, 8));
        CounterShard = hash[^1] % CounterShards;
    }

    /// <summary>The attribute of a counter item that has this stream shard's checkpoint. 64 bits avoid collisions.</summary>
    public string CheckpointAttribute { get; }

    /// <summary>From 0 to before <see cref="CounterShards"/>.</summary>
    public int CounterShard { get; }
}
