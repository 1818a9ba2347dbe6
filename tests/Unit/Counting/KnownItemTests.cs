using Collector.Counting;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Tests.Unit.Counting;

public sealed class KnownItemTests
{
    private static readonly CounterKey Key = new("cli#2026-11-22", "~h5#3");
    private static readonly StreamShard Shard = new("arn:aws:dynamodb:us-east-1:0:table/anonymous/stream/1", "shardId-1");

    [Fact]
    public void A_name_without_a_bound_always_counts_as_itself()
    {
        var item = KnownItem.New;
        Assert.Equal("calls", item.Admit(new Increment(Key, "calls", 1)));
        Assert.Equal(0, item.Names);
    }

    [Fact]
    public void The_names_of_a_tag_share_its_room_and_what_is_beyond_counts_as_other()
    {
        var item = KnownItem.New;
        Assert.Equal(["region#a", "region#b", "region#other", "agent#a"], new[] { "region#a", "region#b", "region#c", "agent#a" }
            .Select(name => item.Admit(Named(name, names: 2))));
        // What is in the item counts as itself, however full it is.
        Assert.Equal(["region#a", "region#other", "region#other"], new[] { "region#a", "region#d", "region#other" }
            .Select(name => item.Admit(Named(name, names: 2))));
        Assert.Equal(4, item.Names);
        Assert.True(item.Has("region#b") && item.Has("region#other") && !item.Has("region#c"));
    }

    [Fact]
    public void Room_is_bounded_in_bytes_of_names_and_their_numbers()
    {
        // "set#ü" takes 6 bytes of UTF-8, and its number 11.
        const int TwoNames = 2 * (6 + Room.NumberBytes);
        Assert.Equal(["set#ü", "set#ö", "other"], Admitted(TwoNames));
        Assert.Equal(["set#ü", "other", "other"], Admitted(TwoNames - 1));

        static List<string> Admitted(int bytes)
        {
            var item = KnownItem.New;
            return [.. new[] { "set#ü", "set#ö", "set#ä" }.Select(
                name => item.Admit(new Increment(Key, name, 1, new Room(name, int.MaxValue, bytes, "other"))))];
        }
    }

    [Fact]
    public void What_has_no_room_counts_in_the_next_bound_and_last_where_there_is_always_room()
    {
        var item = KnownItem.New;
        Increment Set(string name) => new(Key, "set#" + name, 1, new Room("set#" + name, 1, int.MaxValue, "command#" + name,
            new Room("command#" + name, 1, int.MaxValue, "other")));
        Assert.Equal(["set#a", "command#b", "other", "set#a", "command#b"], new[] { "a", "b", "c", "a", "b" }.Select(name => item.Admit(Set(name))));
    }

    [Fact]
    public void Sums_beside_a_use_count_where_the_use_does()
    {
        var item = KnownItem.New;
        Increment Sum(string use) => new(Key, $"sum#{use}", 1, new Room($"use#{use}", 1, int.MaxValue, "sum#other"));
        Assert.Equal("use#a", item.Admit(Named("use#a", names: 1)));
        Assert.Equal(["sum#a", "sum#other"], new[] { "a", "b" }.Select(use => item.Admit(Sum(use))));
    }

    [Fact]
    public void An_item_as_it_was_found_has_its_names_only_where_they_matter()
    {
        var state = new CounterState(new Dictionary<string, long> { ["region#a"] = 3, ["calls"] = 7 }, CheckpointValue.Of([1]));
        var checkpoint = new Checkpoint(StreamPosition.Of("7"));
        var grows = KnownItem.Of(state, checkpoint, growsByNames: true);
        Assert.Equal((2, checkpoint, state.Checkpoint, false), (grows.Names, grows.Checkpoint, grows.Stored, grows.IsNew));
        Assert.Equal("region#other", grows.Admit(Named("region#b", names: 1)));
        Assert.Equal(0, KnownItem.Of(state, checkpoint, growsByNames: false).Names);
    }

    [Fact]
    public void After_a_write_an_item_is_not_new_any_more()
    {
        var (item, stored, checkpoint) = (KnownItem.New, CheckpointValue.Of([1]), new Checkpoint(StreamPosition.Of("7")));
        Assert.Equal((true, null, null), (item.IsNew, item.Stored, item.Checkpoint));
        item.Moved(stored, checkpoint);
        Assert.Equal((false, stored, checkpoint), (item.IsNew, item.Stored, item.Checkpoint));
    }

    [Fact]
    public void Only_one_caller_has_an_item_that_is_remembered_and_others_begin_anew()
    {
        var known = new KnownItems();
        var item = known.Take(Key, Shard);
        Assert.True(item.IsNew);
        item.Moved(CheckpointValue.Of([1]), new Checkpoint(StreamPosition.Of("7")));
        known.Put(Key, Shard, item);
        var other = new StreamShard("arn:aws:dynamodb:us-east-1:0:table/anonymous/stream/1", "shardId-2");
        Assert.True(known.Take(Key, other).IsNew);
        Assert.True(known.Take(Key with { Group = "~h6#3" }, Shard).IsNew);
        Assert.Same(item, known.Take(Key, Shard));
        Assert.NotSame(item, known.Take(Key, Shard));
    }

    [Fact]
    public void What_is_remembered_is_bounded_in_items()
    {
        var known = new KnownItems();
        for (var i = 0; i < Limits.RememberedItems; i++) known.Put(KeyOf(i), Shard, Item());
        Assert.False(known.Take(KeyOf(0), Shard).IsNew);
        known.Put(KeyOf(0), Shard, Item());
        // One more than there is room for: all are forgotten but this one.
        known.Put(KeyOf(-1), Shard, Item());
        Assert.False(known.Take(KeyOf(-1), Shard).IsNew);
        Assert.True(known.Take(KeyOf(1), Shard).IsNew);
    }

    [Fact]
    public void What_is_remembered_is_bounded_in_names()
    {
        const int Half = Limits.RememberedNames / 2;
        var known = new KnownItems();
        known.Put(KeyOf(0), Shard, Item(Half));
        known.Put(KeyOf(1), Shard, Item(Half - 1));
        known.Put(KeyOf(2), Shard, Item(1));
        // Names that were taken out do not count while they are away.
        Assert.Equal(Half, known.Take(KeyOf(0), Shard).Names);
        known.Put(KeyOf(3), Shard, Item(Half));
        Assert.False(known.Take(KeyOf(1), Shard).IsNew);
        known.Put(KeyOf(1), Shard, Item(Half));
        known.Put(KeyOf(4), Shard, Item(1));
        Assert.True(known.Take(KeyOf(3), Shard).IsNew);
        Assert.Equal(1, known.Take(KeyOf(4), Shard).Names);
        // Forgotten names do not count either.
        known.Put(KeyOf(5), Shard, Item(Half));
        known.Put(KeyOf(6), Shard, Item(1));
        Assert.False(known.Take(KeyOf(5), Shard).IsNew);
    }

    private static Increment Named(string name, int names) =>
        new(Key, name, 1, new Room(name, names, int.MaxValue, name[..name.IndexOf('#', StringComparison.Ordinal)] + "#other"));

    private static CounterKey KeyOf(int number) => Key with { Group = FormattableString.Invariant($"{number}#3") };

    private static KnownItem Item(int names = 0) => KnownItem.Of(
        new CounterState(Enumerable.Range(0, names).ToDictionary(n => FormattableString.Invariant($"a{n}"), _ => 1L), CheckpointValue.Of([1])),
        new Checkpoint(StreamPosition.Of("7")), growsByNames: true);
}
