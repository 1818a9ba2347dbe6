using System.Globalization;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Metrics;
using Collector.Storage;
using Collector.Tests.Unit.Ingest;

namespace Collector.Tests.Unit.Counting;

public sealed class UnreadableRecordTests
{
    private const string Session = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    private static readonly DateTime LateOnTheDay = new(2026, 11, 22, 23, 59, 59, DateTimeKind.Utc);
    private readonly IngestBench bench = new();

    [Fact]
    public async Task An_unreadable_record_is_counted_and_the_other_records_are_processed()
    {
        await Deliver(Good("1"), Bad("2"), Good("3"));
        Assert.Equal(1, Ledger(LedgerMetric.Unreadable));
        Assert.Equal(2, Ledger(LedgerMetric.Stored));
    }

    [Fact]
    public async Task The_reference_to_an_unreadable_record_names_shard_sequence_number_and_receipt_but_no_session_or_content()
    {
        await Deliver(Bad("2"));
        var reference = Assert.Single(Items("unreadable#2026-11-22"));
        Assert.Equal("shardId-7|2|0123abcd", reference.Group);
        Assert.DoesNotContain(bench.DynamoDb.Items("counters").SelectMany(item => item.Values), value =>
            value.S?.Contains(Session, StringComparison.Ordinal) == true);
        Assert.DoesNotContain(bench.Log.Lines, line => line.Contains(Session, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_reference_to_an_unreadable_record_expires()
    {
        await Deliver(Bad("2"));
        var item = Assert.Single(bench.DynamoDb.Items("counters"), item => item["metric"].S.StartsWith("unreadable#",
        StringComparison.Ordinal));
        Assert.True(item.ContainsKey(CountersTable.ExpiresAt));
    }

    [Fact]
    public async Task An_unreadable_record_delivered_again_on_the_next_day_counts_once()
    {
        bench.Clock.AdjustTime(new DateTimeOffset(LateOnTheDay));
        await Deliver(Bad("2"));
        bench.Clock.AdjustTime(bench.Clock.GetUtcNow().AddMinutes(1));
        await Deliver(Bad("2"));
        Assert.Equal(1, bench.DynamoDb.Items("counters").Select(CounterItem.Of)
            .Where(item => item.Metric.StartsWith("ledger#", StringComparison.Ordinal))
            .Sum(item => item.Numbers[LedgerMetric.Unreadable]));
    }

    private long Ledger(string attribute) => Items("ledger#2026-11-22").Sum(item => item.Numbers.GetValueOrDefault(attribute));

    private IEnumerable<CounterItem> Items(string metric) =>
        bench.DynamoDb.Items("counters").Select(CounterItem.Of).Where(item => item.Metric == metric);

    private Task Deliver(params DynamoDBEvent.DynamodbStreamRecord[] records) => bench.Count(
        new DynamoDBTimeWindowEvent { Records = records, ShardId = "shardId-7",
            EventSourceArn = "arn:aws:dynamodb:us-east-1:0:table/events/stream/1" });

    private static DynamoDBEvent.DynamodbStreamRecord Good(string sequence)
    {
        var item = new LogItem(LogKind.Ledger, "0");
        item.OutcomeCounts.Stored = 1;
        return Record(sequence, "ledger#0", "0", item.Pack());
    }

    private static DynamoDBEvent.DynamodbStreamRecord Bad(string sequence) =>
        Record(sequence, "session#" + Session, "2026-11-22 07:32:46.103769#0123abcd", [1, 2, 3]);

    private static DynamoDBEvent.DynamodbStreamRecord Record(string sequence, string source, string receipt, byte[] data)
    {
        var keys = new Dictionary<string, DynamoDBEvent.AttributeValue> { ["source"] = new() { S = source },
        ["receipt"] = new() { S = receipt } };
        return new()
        {
            EventName = "INSERT",
            Dynamodb = new()
            {
                SequenceNumber = sequence,
                ApproximateCreationDateTime = LateOnTheDay,
                Keys = keys,
                NewImage = new(keys)
                {
                    ["at"] = new() { N = new DateTimeOffset(LateOnTheDay).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) },
                    ["data"] = new() { B = new MemoryStream(data) },
                },
            },
        };
    }
}
