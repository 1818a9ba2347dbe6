using Collector.Counting;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Tests.Unit.Counting;

public sealed class CheckpointSealTests
{
    private static readonly CounterKey Key = new("cli#2026-11-22", "~h5#3");
    private static readonly StreamShard Shard = new("arn:aws:dynamodb:us-east-1:0:table/anonymous/stream/1", "shardId-1");
    private static readonly Checkpoint At = new(StreamPosition.Of("400000000012345678901"));
    private const string Secret = "the secret of the deployment of 32 characters or more";
    private readonly CheckpointSeal seal = new(new Fingerprints("1:" + Secret));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sealed_checkpoint_can_be_opened(bool closed)
    {
        var checkpoint = At with { IsClosed = closed };
        Assert.Equal(checkpoint, seal.Open(seal.Seal(checkpoint, Key, Shard), Key, Shard));
    }

    [Fact]
    public void The_same_checkpoint_is_sealed_differently_each_time() =>
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => Convert.ToHexString(seal.Seal(At, Key, Shard).Bytes)).Distinct()
            .Count());

    [Fact]
    public void All_sealed_checkpoints_have_the_same_length() => Assert.Single(
        new[] { At, new(StreamPosition.Start), At with { IsClosed = true } }.Select(
            checkpoint => seal.Seal(checkpoint, Key, Shard).Bytes.Length).Distinct());

    [Fact]
    public void A_seal_opens_only_for_its_own_item_shard_and_secret()
    {
        var value = seal.Seal(At, Key, Shard);
        Assert.Null(seal.Open(value, Key with { Group = "~h6#3" }, Shard));
        Assert.Null(seal.Open(value, Key with { Metric = "cli#2026-11-23" }, Shard));
        Assert.Null(seal.Open(value, Key, new StreamShard("arn:aws:dynamodb:us-east-1:0:table/anonymous/stream/1", "shardId-2")));
        Assert.Null(new CheckpointSeal(new Fingerprints("another secret of the deployment, of 32 characters")).Open(value, Key, Shard));
        Assert.Null(seal.Open(CheckpointValue.Of([1, 2, 3]), Key, Shard));
    }

    [Fact]
    public void During_a_rotation_both_secrets_open_seals_and_the_new_one_makes_them()
    {
        const string newSecret = "2:the new secret of the deployment of 32 characters";
        var during = new CheckpointSeal(new Fingerprints($"{newSecret},1:{Secret}"));
        var after = new CheckpointSeal(new Fingerprints(newSecret));
        var old = seal.Seal(At, Key, Shard);
        Assert.Equal(At, during.Open(old, Key, Shard));
        Assert.Equal(At, after.Open(during.Seal(At, Key, Shard), Key, Shard));
        Assert.Null(seal.Open(during.Seal(At, Key, Shard), Key, Shard));
        Assert.Null(after.Open(old, Key, Shard));
        // With the old secret too, a seal opens only for its own item.
        Assert.Null(during.Open(old, Key with { Group = "~h6#3" }, Shard));
    }
}
