using System.Security.Cryptography;
using System.Text;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>A shard of a table's stream. Positions can be compared only within a shard.</summary>
internal sealed class StreamShard
{
    /// <summary>
    /// Counter shards: enough that Aggregators of a few stream shards seldom write the same item, few enough that a
    /// day is read in one query.
    /// </summary>
    public const int CounterShards = 8;

    public StreamShard(string streamArn, string shardId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{streamArn}/{shardId}"));
        CheckpointAttribute = CountersTable.CheckpointMark + Convert.ToHexStringLower(hash.AsSpan(0, 8));
        CounterShard = hash[^1] % CounterShards;
    }

    /// <summary>
    /// The attribute of a counter item that holds this stream shard's checkpoint. It has 64 bits of hash, so no two shards share it.
    /// </summary>
    public string CheckpointAttribute { get; }

    /// <summary>At least 0 and less than <see cref="CounterShards"/>.</summary>
    public int CounterShard { get; }
}
