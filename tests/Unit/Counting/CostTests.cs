using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Storage;
using Xunit.Abstractions;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// What counting costs in write units, log and counters together, computed from the sizes of all items that are written, refused writes
/// included, with four stream shards (what a table on demand begins with) and the template's windows. A window costs the same for few
/// aggregated calls as for many (up to a write unit for each service and shard), so their goal is one for 200 sessions at once and more.
/// </summary>
public sealed class CostTests : IDisposable
{
    private const int ProSessions = 50;
    private const int CommunitySessions = 200;
    private const int StreamShards = 4;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    // Anonymous items are gathered for the template's 60 seconds.
    private const int WindowsOfAnonymous = 3;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    private static readonly string[] Operations =
    [
        "s3 PutObject", "s3 GetObject", "s3 ListObjectsV2", "s3 CreateBucket", "sqs SendMessage", "sqs ReceiveMessage", "sqs CreateQueue",
        "dynamodb PutItem",
        "dynamodb GetItem", "dynamodb Query", "lambda Invoke", "lambda CreateFunction", "sns Publish", "sns CreateTopic", "iam CreateRole",
        "iam GetRole",
        "sts GetCallerIdentity", "cloudformation DescribeStacks", "logs PutLogEvents", "ssm GetParameter", "kms Encrypt",
        "events PutEvents",
    ];

    private readonly ITestOutputHelper output;
    private readonly IngestBench bench = new();
    private readonly Random random = new(1);
    private readonly List<InMemoryDynamoDb.Change> waiting = [];
    private int sequence;
    private int windows;
    private long refused;
    private bool cold;

    public CostTests(ITestOutputHelper output) => this.output = output;

    public void Dispose() => bench.DynamoDb.Dispose();

    // The second figure is the worst that can be: no Aggregator remembers anything, as if each batch met a new process.
    [Theory]
    [InlineData(false, 150)]
    [InlineData(true, 250)]
    public async Task A_thousand_pro_events_in_batches_of_20_cost_at_most_150_write_units(bool alwaysCold, int most)
    {
        cold = alwaysCold;
        for (var s = 0; s < ProSessions; s++) await bench.Session(Session(s));
        bench.DynamoDb.Stream.Clear();
        var events = 0;
        var units = await Measure(ProSessions, TimeSpan.FromSeconds(10), async session =>
        {
            events += 20;
            await bench.Post($$"""{"events":[{{string.Join(',', Enumerable.Range(0, 20).Select(_ => Call(session)))}}]}""");
        });
        Report(units, events, "Pro events");
        Assert.InRange(units * 1000.0 / events, 1, most);
    }

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 7)]
    public async Task A_thousand_aggregated_community_calls_cost_at_most_5_write_units(bool alwaysCold, int most)
    {
        cold = alwaysCold;
        var calls = 0L;
        var units = await Measure(CommunitySessions, TimeSpan.FromSeconds(60), async session =>
        {
            var entries = Enumerable.Range(
                0, 20).Select(_ => (Operation: Stack(session), Count: 1 + (int)Math.Pow(300, random.NextDouble())))
                .DistinctBy(entry => entry.Operation).ToList();
            calls += entries.Sum(entry => entry.Count);
            await bench.Post($$$"""{"events":[{"name":"aws_request_agg","metadata":{{{Metadata(session)}}},"payload":{"api_calls":[{{{string.Join(',', entries.Select(entry =>
                $$"""{"service":"{{entry.Operation.Split(' ')[0]}}","operation":"{{entry.Operation.Split(' ')[1]}}","status_code":200,"count":{{entry.Count}}}"""))}}}]}}]}""");
        });
        Report(units, calls, "aggregated calls");
        Assert.InRange(units * 1000.0 / calls, 0.1, most);
    }

    private void Report(long units, long events, string what) => output.WriteLine(FormattableString.Invariant(
        $"{units * 1000.0 / events:F2} write units for 1,000 {what}, {refused * 1000.0 / events:F2} of them for refused writes"));

    // Every session flushes at its own second; what lies in a window is counted at its end.
    private async Task<long> Measure(int sessions, TimeSpan every, Func<int, Task> flush)
    {
        var next = Enumerable.Range(0, sessions).Select(session => every * session / sessions).ToList();
        var units = 0L;
        for (var window = TimeSpan.Zero; window < Length; window += Window)
        {
            var began = bench.Clock.GetUtcNow();
            for (var session = 0; session < sessions; session++)
            {
                for (; next[session] < window + Window; next[session] += every) await flush(session);
            }

            units += bench.DynamoDb.Stream.Where(change => change.Table is "calls" or "anonymous").Sum(ItemSize.WriteUnits);
            waiting.AddRange(bench.DynamoDb.Stream);
            bench.DynamoDb.Stream.Clear();
            var isLast = window + Window >= Length;
            var anonymousIsDue = ++windows % WindowsOfAnonymous == 0 || isLast;
            var due = waiting.Where(change => change.Table == "calls" || (anonymousIsDue && change.Table == "anonymous")).ToList();
            waiting.RemoveAll(change => change.Table == "calls" || anonymousIsDue);
            foreach (var shard in due.GroupBy(change => (change.Table, Shard: change.New["source"].S.Sum(c => c) % StreamShards)))
                await Count(shard.Key.Table, $"shardId-{shard.Key.Shard}", [.. shard.Select(change => change.New)]);
            units += bench.DynamoDb.Stream.Where(change => change.Table == "counters").Sum(ItemSize.WriteUnits);
            bench.DynamoDb.Stream.Clear();
            bench.Clock.AdjustTime(began + Window);
        }

        refused = bench.DynamoDb.Refused.Where(write => write.Table == "counters").Sum(write => ItemSize.WriteUnits(write.Item));
        return units + refused;
    }

    private Task Count(string table, string shard, IReadOnlyList<Dictionary<string, AttributeValue>> items)
    {
        if (cold) bench.RestartAggregator();
        return bench.Count(new DynamoDBTimeWindowEvent
        {
            ShardId = shard,
            EventSourceArn = $"arn:aws:dynamodb:us-east-1:0:table/{table}/stream/1",
            Records = [.. items.Select(item => new DynamoDBEvent.DynamodbStreamRecord
            {
                Dynamodb = new()
                {
                    SequenceNumber = (++sequence).ToString(CultureInfo.InvariantCulture),
                    NewImage = TestItems.Image(item),
                },
            })],
        });
    }

    private static string Id(int session) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{session:d12}");

    private static string Session(int session) => $$$"""
        {"name":"session","metadata":{},"payload":{"session_id":"{{{Id(session)}}}","machine_id":"dkr_{{{session:d12}}}","api_key":"ls-token-{{{session / 5}}}","system":"Linux",
        "version":"2026.3.1","is_ci":true,"is_docker":true,"is_testing":false,"edition":"pro"}}
        """;

    private string Metadata(int session) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"session_id":"{{Id(session)}}","client_time":"{{bench.Clock.GetUtcNow().UtcDateTime.AddTicks(10 * ++sequence):yyyy-MM-dd HH:mm:ss.ffffff}}"}""");

    // What one stack calls: a handful of operations, the first far more often than the last.
    private string Stack(int session) => Operations[(session + (int)Math.Pow(10, random.NextDouble())) % Operations.Length];

    private string Call(int session)
    {
        var operation = Stack(session).Split(' ');
        var failed = random.Next(100) < 7;
        var error = failed ? ""","err_type":"ResourceNotFoundException","err_msg":"The specified queue does not exist for this wsdl version." """ : "";
        return $$$"""{"name":"aws_request","metadata":{{{Metadata(session)}}},"payload":{"service":"{{{operation[0]}}}","operation":"{{{operation[1]}}}","status_code":{{{(failed ? 404 : 200)}}},"is_internal":false,"region":"us-east-1","account_id":"000000000000","user_agent":"Boto3/1.35.40 md/Botocore#1.35.40 ua/2.0 os/linux#6.5.0 lang/python#3.11.9"{{{error}}}}}""";
    }
}
