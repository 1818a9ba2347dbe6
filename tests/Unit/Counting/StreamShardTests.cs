using System.Globalization;
using Collector.Counting;

namespace Collector.Tests.Unit.Counting;

public sealed class StreamShardTests
{
    private const string Stream = "arn:aws:dynamodb:us-east-1:000000000000:table/calls/stream/1";

    /// <summary>A deployment that named it differently would not find its checkpoints, and count again what it counted before.</summary>
    [Fact]
    public void A_shard_keeps_its_checkpoint_attribute_and_counter_shard_for_ever()
    {
        var shard = new StreamShard(Stream, "shardId-00000001");
        Assert.Equal(("@a90a193ecd4a0d15", 6), (shard.CheckpointAttribute, shard.CounterShard));
    }

    [Fact]
    public void Shards_of_all_streams_have_attributes_of_their_own_and_use_all_counter_shards()
    {
        var shards = Enumerable.Range(0, 200).Select(n => n.ToString(CultureInfo.InvariantCulture))
            .SelectMany(n => new[] { new StreamShard(Stream, "shardId-" + n), new StreamShard(Stream + n, "shardId-1") }).ToList();
        Assert.Equal(400, shards.Select(shard => shard.CheckpointAttribute).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, StreamShard.CounterShards), shards.Select(shard => shard.CounterShard).Distinct().Order());
    }
}
