using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// Sends requests and counts the stored events in the template's windows, with four stream shards (the number with which an on-demand table
/// begins). Adds up the cost of the writes from the sizes of all written items, including refused writes.
/// </summary>
internal sealed class CostBench(bool isAlwaysCold = false) : IDisposable
{
    private const int StreamShards = 4;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    // Anonymous items are gathered for the template's 60 seconds, which are three windows.
    private const int WindowsOfAnonymous = 3;

    private static readonly string[] Operations =
    [
        "s3 PutObject", "s3 GetObject", "s3 ListObjectsV2", "s3 CreateBucket", "sqs SendMessage", "sqs ReceiveMessage", "sqs CreateQueue",
        "dynamodb PutItem",
        "dynamodb GetItem", "dynamodb Query", "lambda Invoke", "lambda CreateFunction", "sns Publish", "sns CreateTopic", "iam CreateRole",
        "iam GetRole",
        "sts GetCallerIdentity", "cloudformation DescribeStacks", "logs PutLogEvents", "ssm GetParameter", "kms Encrypt",
        "events PutEvents",
    ];

    private static readonly string[] Commands =
        ["start", "stop", "status services", "logs", "config validate", "wait", "update all", "ssh"];

    private readonly IngestBench bench = new();
    private readonly List<InMemoryDynamoDb.Change> waiting = [];
    private int sequence;
    private int windows;

    public Random Random { get; } = new(1);

    /// <summary>The average length of the functions' log lines for requests.</summary>
    public double LineBytes => bench.Metrics.Where(line => line.Contains("\"received\"", StringComparison.Ordinal))
        .Average(line => line.Length + 1);

    public void Dispose() => bench.DynamoDb.Dispose();

    /// <summary>Registers Pro sessions, without counting the cost.</summary>
    public async Task Register(int sessions)
    {
        for (var s = 0; s < sessions; s++) await bench.Session(Session(s));
        bench.DynamoDb.Stream.Clear();
    }

    /// <summary>Sends one request with these events.</summary>
    public Task Post(IEnumerable<string> events) => bench.Post($$"""{"events":[{{string.Join(',', events)}}]}""");

    /// <summary>Sessions flush at evenly spread times. The events of a window are counted at its end.</summary>
    public async Task<CostSums> Measure(int sessions, TimeSpan every, TimeSpan length, Func<int, Task> flush)
    {
        var next = Enumerable.Range(0, sessions).Select(session => every * session / sessions).ToList();
        var sums = new CostSums();
        for (var window = TimeSpan.Zero; window < length; window += Window)
        {
            var began = bench.Clock.GetUtcNow();
            for (var session = 0; session < sessions; session++)
            {
                for (; next[session] < window + Window; next[session] += every) await flush(session);
            }

            foreach (var change in bench.DynamoDb.Stream.Where(change => change.Table is "calls" or "anonymous")) sums.AddLog(change);
            waiting.AddRange(bench.DynamoDb.Stream);
            bench.DynamoDb.Stream.Clear();
            var isLast = window + Window >= length;
            var anonymousIsDue = ++windows % WindowsOfAnonymous == 0 || isLast;
            var due = waiting.Where(change => change.Table == "calls" || (anonymousIsDue && change.Table == "anonymous")).ToList();
            waiting.RemoveAll(change => change.Table == "calls" || anonymousIsDue);
            foreach (var shard in due.GroupBy(change => (change.Table, Shard: change.New["source"].S.Sum(c => c) % StreamShards)))
                await Count(shard.Key.Table, $"shardId-{shard.Key.Shard}", [.. shard.Select(change => change.New)]);
            sums.Counters += bench.DynamoDb.Stream.Where(change => change.Table == "counters").Sum(ItemSize.WriteUnits);
            bench.DynamoDb.Stream.Clear();
            bench.Clock.AdjustTime(began + Window);
        }

        sums.Refused = bench.DynamoDb.Refused.Where(write => write.Table == "counters").Sum(write => ItemSize.WriteUnits(write.Item));
        return sums;
    }

    private Task Count(string table, string shard, IReadOnlyList<Dictionary<string, AttributeValue>> items)
    {
        if (isAlwaysCold) bench.RestartAggregator();
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

    /// <summary>The metadata of an event that a session sends now.</summary>
    public string Metadata(int session) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"session_id":"{{Id(session)}}","client_time":"{{bench.Clock.GetUtcNow().UtcDateTime.AddTicks(10 * ++sequence):yyyy-MM-dd HH:mm:ss.ffffff}}"}""");

    /// <summary>An operation that a stack calls: one of a handful, the first far more often than the last.</summary>
    public string Stack(int session) => Operations[(session + (int)Math.Pow(10, Random.NextDouble())) % Operations.Length];

    /// <summary>One call of a Pro session; one in fourteen fails.</summary>
    public string Call(int session)
    {
        var operation = Stack(session).Split(' ');
        var failed = Random.Next(100) < 7;
        var error = failed ? ""","err_type":"ResourceNotFoundException","err_msg":"The specified queue does not exist for this wsdl version." """ : "";
        return $$$"""{"name":"aws_request","metadata":{{{Metadata(session)}}},"payload":{"service":"{{{operation[0]}}}","operation":"{{{operation[1]}}}","status_code":{{{(failed ? 404 : 200)}}},"is_internal":false,"region":"us-east-1","account_id":"000000000000","user_agent":"Boto3/1.35.40 md/Botocore#1.35.40 ua/2.0 os/linux#6.5.0 lang/python#3.11.9"{{{error}}}}}""";
    }

    /// <summary>One invocation of the CLI.</summary>
    public string Command(int session) => $$$"""
        {"name":"cli_cmd","metadata":{{{Metadata(session)}}},"payload":{"cmd":"localstack {{{Commands[Random.Next(Commands.Length)]}}}","params":["file"]}}
        """;

    /// <summary>One use of a feature.</summary>
    public string Feature(int session) => $$$"""
        {"name":"run_init","metadata":{{{Metadata(session)}}},"payload":{"stage":"READY","scripts":2,"duration":{{{Random.Next(1, 5000)}}}}}
        """;

    /// <summary>Up to <paramref name="most"/> counts of a community session, one per operation, with 1 to 300 calls each.</summary>
    public IReadOnlyList<(string Operation, int Count)> Entries(int session, int most) =>
    [
        .. Enumerable.Range(0, most).Select(_ => (Operation: Stack(session), Count: 1 + (int)Math.Pow(300, Random.NextDouble())))
            .DistinctBy(entry => entry.Operation),
    ];

    /// <summary>The aggregated calls of a community session, as one event.</summary>
    public string Counts(int session, IEnumerable<(string Operation, int Count)> entries)
    {
        var calls = entries.Select(entry => (Name: entry.Operation.Split(' '), entry.Count)).Select(entry => $$"""
            {"service":"{{entry.Name[0]}}","operation":"{{entry.Name[1]}}","status_code":200,"count":{{entry.Count}}}
            """);
        return $$$"""{"name":"aws_request_agg","metadata":{{{Metadata(session)}}},"payload":{"api_calls":[{{{string.Join(',', calls)}}}]}}""";
    }
}
