using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Collector.Counting;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Counting;

/// <summary>How many writes a batch costs, and what each of them holds. That every record counts once, ModelTests shows.</summary>
public sealed class AggregatorTests : IDisposable
{
    private static readonly StreamShard Shard = new("arn:aws:dynamodb:us-east-1:0:table/calls/stream/1", "shardId-1");
    private static readonly StreamShard OtherShard = new("arn:aws:dynamodb:us-east-1:0:table/calls/stream/1", "shardId-2");
    private static readonly CounterKey Requests = new("requests#2026-11-22", "s3~h0#0");

    // Of a metric whose names come from clients.
    private static readonly CounterKey Cli = new("cli#2026-11-22", "~h0#0");

    private readonly RecordingClient client = new();
    private readonly CheckpointSeal seal = new(new Fingerprints("the secret of this test"));
    private readonly List<CountingTrouble> troubles = [];
    private readonly Aggregator aggregator;

    public AggregatorTests() => aggregator = New();

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task A_batch_costs_one_write_for_each_item_also_after_others()
    {
        await Count(Record(1, Of(Requests, "a"), Of(Cli, "b")), Record(2, Of(Requests, "a"), Of(Requests, "c")));
        Assert.Equal(2, client.Updates.Count);
        await Count(Record(3, Of(Requests, "a"), Of(Cli, "b")));
        Assert.Equal(4, client.Updates.Count);
        Assert.Empty(client.Items.Refused);
        Assert.Equal((3, 1, 2), (Number(Requests, "a"), Number(Requests, "c"), Number(Cli, "b")));
    }

    [Fact]
    public async Task Without_its_memory_it_finds_the_item_with_one_write_more()
    {
        await Count(Record(1, Of(Requests, "a")));
        Assert.Null(await New().Count(Shard, [Record(2, Of(Requests, "a"))]));
        Assert.Equal((3, 1, 2), (client.Updates.Count, client.Items.Refused.Count, Number(Requests, "a")));
    }

    [Fact]
    public async Task What_is_remembered_outlives_the_aggregator_that_is_given_it()
    {
        var remembered = new KnownItems();
        foreach (var number in new[] { 1, 2 }) Assert.Null(await New(remembered).Count(Shard, [Record(number, Of(Requests, "a"))]));
        Assert.Empty(client.Items.Refused);
    }

    [Fact]
    public async Task An_items_checkpoint_is_the_batchs_end_and_not_its_own_last_record()
    {
        await Count(Record(1, Of(Requests, "a")), Record(2, Of(Cli, "b")), Record(3, Of(Cli, "b")));
        Assert.Equal(StreamPosition.Of("3"), Checkpoint(Requests).Position);
        Assert.Equal(StreamPosition.Of("3"), Checkpoint(Cli).Position);
    }

    [Theory]
    // DynamoDB takes an expression of 4 KB.
    [InlineData(2, 100, 1)]
    [InlineData(3, 100, 2)]
    [InlineData(4, 101, 4)]
    [InlineData(1, 300, 1)]
    public async Task An_update_has_at_most_200_attributes_and_never_a_part_of_a_record(int records, int attributes, int updates)
    {
        await Count([.. Enumerable.Range(1, records).Select(record => Record(record,
            [.. Enumerable.Range(0, attributes).Select(a => Of(Requests, FormattableString.Invariant($"{record}-{a}")))]))]);
        Assert.Equal(updates, client.Updates.Count);
        Assert.Equal(records * attributes, Numbers(Requests).Values.Sum());
        Assert.Equal(StreamPosition.Of(FormattableString.Invariant($"{records}")), Checkpoint(Requests).Position);
    }

    [Fact]
    public async Task Attributes_that_records_share_are_one_in_the_update()
    {
        await Count([.. Enumerable.Range(1, 5).Select(record => Record(record,
            [.. Enumerable.Range(0, 150).Select(a => Of(Requests, FormattableString.Invariant($"{a}")))]))]);
        Assert.Single(client.Updates);
        Assert.All(Numbers(Requests).Values, number => Assert.Equal(5, number));
    }

    [Fact]
    public async Task The_latest_of_several_times_is_kept()
    {
        await Count(Record(1, Time(5)), Record(2, Time(9)), Record(3, Time(7)));
        Assert.Equal(9, Number(Requests, "last"));

        Increment Time(long time) => new(Requests, "last", time, IsTime: true);
    }

    [Fact]
    public async Task The_item_is_asked_for_only_where_it_grows_by_names_of_clients()
    {
        await Count(Record(1, Of(Requests, "a"), Named("x")));
        await Count(Record(2, Of(Requests, "b"), Named("x")));
        await Count(Record(3, Named("y")));
        Assert.Equal(["cli 1", "cli 3"], client.Updates.Where(update => update.ReturnValues == ReturnValue.ALL_NEW)
            .Select(update => $"{update.Key["metric"].S[..3]} {Opened(update).Position.Padded.TrimStart('0')}"));
    }

    [Fact]
    public async Task Names_that_another_shard_has_brought_take_room_too()
    {
        await Count(Record(1, Named("a"), Named("b")));
        Assert.Null(await New().Count(OtherShard, [Record(1, Named("c"))]));
        await Count(Record(2, Named("d")));
        await Count(Record(3, Named("e")));
        Assert.Equal(["set#a", "set#b", "set#c", "set#d", "set#other"], Numbers(Cli).Keys.Order());
    }

    [Fact]
    public async Task An_item_takes_the_records_that_fit_and_its_overflow_item_the_others()
    {
        // Key, policy and checkpoint take some 160 bytes, each number 42.
        client.Items.MaxItemBytes = 300;
        await Count([.. Enumerable.Range(1, 6).Select(record => Record(record, Of(Requests, new string((char)('a' + record), 40))))]);
        var overflow = Requests with { Group = Group.Overflow(Requests.Group) };
        Assert.Equal((3, 3), (Numbers(Requests).Count, Numbers(overflow).Count));
        Assert.Equal([CountingTrouble.ItemFull], troubles.Distinct());
        Assert.True(Checkpoint(Requests).IsClosed);
        // What comes later goes there at once.
        var updates = client.Updates.Count;
        await Count(Record(7, Of(Requests, "b")));
        Assert.Equal((1, updates + 1), (Number(overflow, "b"), client.Updates.Count));
    }

    [Fact]
    public async Task The_first_record_that_is_not_counted_is_answered_whichever_item_it_is_of()
    {
        var other = Requests with { Group = "sqs~h0#0" };
        client.Items.Before = _ => throw new ProvisionedThroughputExceededException("unavailable");
        var failed = await aggregator.Count(Shard, [Record(1), Record(2, Of(other, "a")), Record(3, Of(Requests, "a"))]);
        Assert.Equal("2", failed?.SequenceNumber);
    }

    private Aggregator New(KnownItems? remembered = null) => new(
        new CountersTable(client, "counters"), seal, new byte[32], _ => null, (trouble, _) => troubles.Add(trouble), remembered);

    private static StreamRecord Record(int number, params Increment[] increments) => new(FormattableString.Invariant($"{number}"), increments);

    private static Increment Of(CounterKey key, string attribute) => new(key, attribute, 1);

    private static Increment Named(string name) => new(Cli, "set#" + name, 1, new Room("set#" + name, 4, int.MaxValue, "set#other"));

    private async Task Count(params StreamRecord[] records) => Assert.Null(await aggregator.Count(Shard, records));

    private Dictionary<string, AttributeValue>? Item(CounterKey key) =>
        client.Items.Items("counters").SingleOrDefault(item => item["metric"].S == key.Metric && item["group"].S == key.Group);

    private IReadOnlyDictionary<string, long> Numbers(CounterKey key) => CounterItem.Of(Item(key)!).Numbers;

    private long Number(CounterKey key, string attribute) => Numbers(key).GetValueOrDefault(attribute);

    private Checkpoint Checkpoint(CounterKey key) =>
        seal.Open(CheckpointValue.Of(Item(key)![Shard.CheckpointAttribute].B.ToArray()), key, Shard)!.Value;

    private Checkpoint Opened(UpdateItemRequest update) => update.ExpressionAttributeValues.Values.Select(value => value.B?.ToArray())
        .OfType<byte[]>().Select(bytes => seal.Open(
            CheckpointValue.Of(bytes), new CounterKey(update.Key["metric"].S, update.Key["group"].S), Shard)).OfType<Checkpoint>().First();

    // Keeps the updates that were asked for.
    private sealed class RecordingClient() : AmazonDynamoDBClient(
        new AnonymousAWSCredentials(), new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1" })
    {
        public InMemoryDynamoDb Items { get; } = new();

        public List<UpdateItemRequest> Updates { get; } = [];

        public override Task<UpdateItemResponse> UpdateItemAsync(UpdateItemRequest request, CancellationToken cancellationToken = default)
        {
            lock (Updates) Updates.Add(request);
            return Items.UpdateItemAsync(request, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            Items.Dispose();
            base.Dispose(disposing);
        }
    }
}
