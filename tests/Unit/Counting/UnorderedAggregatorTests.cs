using Amazon.DynamoDBv2.Model;
using Collector.Counting;
using Collector.Metrics;
using Collector.Storage;
using Collector.Tests.Unit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.Counting;

public sealed class UnorderedAggregatorTests : IDisposable
{
    private static readonly StreamShard Stream = new("arn:aws:dynamodb:us-east-1:0:table/calls/stream/1", "");
    private readonly InMemoryDynamoDb dynamoDb = new();
    private readonly List<(CountingTrouble, CounterKey)> troubles = [];
    private readonly UnorderedAggregator aggregator;

    public UnorderedAggregatorTests() => aggregator = new UnorderedAggregator(
        new CountersTable(dynamoDb, "counters"), new byte[32], _ => null, (trouble, key) => troubles.Add((trouble, key)),
        new FakeTimeProvider(TestTime.Start));

    public void Dispose() => dynamoDb.Dispose();

    [Theory]
    [InlineData(1, "1")]
    [InlineData(99, "99")]
    [InlineData(100, "99 1")]
    [InlineData(250, "99 99 52")]
    public void A_record_of_many_items_is_counted_in_parts_that_fit_a_transaction(int items, string expected)
    {
        // Two numbers for each item, which stay together.
        var record = new StreamRecord(
            "7", [.. Enumerable.Range(0, 2).SelectMany(_ => Enumerable.Range(0, items)).Select(i => Of(i, "calls", 1))]);
        var parts = UnorderedAggregator.Parts([record]);
        Assert.Equal(expected, string.Join(' ', parts.Select(part => part.Increments.Count / 2)));
        Assert.Equal(Enumerable.Range(0, parts.Count), parts.Select(part => part.Part));
        Assert.All(parts, part => Assert.Equal(
            part.Increments.Count / 2, part.Increments.Select(increment => increment.Key).Distinct().Count()));
    }

    [Fact]
    public async Task Each_part_counts_once_however_often_it_comes()
    {
        var record = new StreamRecord("7", [.. Enumerable.Range(0, 100).Select(i => Of(i, "calls", 3)), Of(0, "calls", 4)]);
        foreach (var _ in new[] { 1, 2, 3 }) Assert.True(await aggregator.Count(Stream, UnorderedAggregator.Parts([record])));
        Assert.Equal([7, .. Enumerable.Repeat(3L, 99)], Enumerable.Range(0, 100).Select(i => Number(i, "calls")));
    }

    [Fact]
    public async Task A_time_becomes_only_later_and_needs_no_mark()
    {
        foreach (var time in new[] { 5L, 9, 7 })
            Assert.True(await aggregator.Count(Stream, [new StreamRecord("7", [Of(0, "last", time) with { IsTime = true }])]));
        Assert.Equal(9, Number(0, "last"));
        Assert.Single(dynamoDb.Items("counters"));
    }

    [Fact]
    public async Task A_full_item_counts_in_its_overflow_item_and_the_others_as_usual()
    {
        await aggregator.Count(Stream, [new StreamRecord("1", [Of(0, "first", 1)])]);
        dynamoDb.MaxItemBytes = 130;
        var record = new StreamRecord("2",
            [Of(0, new string('a', 60), 2, otherwise: "other"), Of(0, new string('b', 10), 3), Of(1, "calls", 4),
                Of(0, "last", 9) with { IsTime = true }]);
        foreach (var _ in new[] { 1, 2 }) Assert.True(await aggregator.Count(Stream, [record]));

        Assert.Equal((1, 4, 9), (Number(0, "first"), Number(1, "calls"), Number(0, "last")));
        var overflow = Key(0) with { Group = Group.Overflow(Key(0).Group) };
        Assert.Equal((2, 3), (Number(overflow, "other"), Number(overflow, new string('b', 10))));
        Assert.Equal(0, Number(overflow, "last"));
        Assert.Contains((CountingTrouble.ItemFull, Key(0)), troubles);
    }

    [Fact]
    public async Task While_the_store_is_unavailable_it_says_so_and_counts_what_is_left_the_next_time()
    {
        StreamRecord[] records = [new("1", [Of(0, "calls", 1)]), new("2", [Of(1, "calls", 1)])];
        var transactions = 0;
        dynamoDb.Before = _ =>
        {
            if (++transactions > 2) throw new ProvisionedThroughputExceededException("unavailable");
        };
        Assert.False(await aggregator.Count(Stream, records));
        Assert.Equal((1, 0), (Number(0, "calls"), Number(1, "calls")));
        dynamoDb.Before = null;
        Assert.True(await aggregator.Count(Stream, records));
        Assert.Equal((1, 1), (Number(0, "calls"), Number(1, "calls")));
    }

    private static CounterKey Key(int item) => new("requests#2026-11-22", FormattableString.Invariant($"s3~h{item}#0"));

    private static Increment Of(int item, string attribute, long amount, string? otherwise = null) =>
        new(Key(item), attribute, amount, Otherwise: otherwise);

    private long Number(int item, string attribute) => Number(Key(item), attribute);

    private long Number(CounterKey key, string attribute) => dynamoDb.Items("counters").Select(CounterItem.Of)
        .SingleOrDefault(item => item.Metric == key.Metric && item.Group == key.Group)?.Numbers.GetValueOrDefault(attribute) ?? 0;
}
