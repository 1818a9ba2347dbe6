using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Counting;
using Collector.Local.DynamoDb;
using Collector.Local.Template;
using Collector.Policy;
using Collector.Rollup;
using Collector.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Integration.Reading;

/// <summary>
/// The functions with the template's tables in DynamoDB Local: clients' requests go through the ingest functions, the Aggregator receives
/// the stored items, and the read APIs are called. Each bench has its own tables.
/// </summary>
internal sealed class InsightsBench : IDisposable
{
    public const string OperatorKey = TestSettings.OperatorKey;

    private static readonly Fingerprints Fingerprints = new(TestSettings.FingerprintSecret);
    private static readonly CollectionPolicy Shipped = CollectionPolicy.Load(TestSettings.Of("").Switches, Fingerprints);

    /// <summary>The shipped policy with every feature switched on.</summary>
    public static readonly CollectionPolicy Everything = CollectionPolicy.Load(
        TestSettings.Of("").Switches with { ExtraFeatures = [.. Shipped.Enforced.Events.Where(e => e.Feature).Select(e => e.Name)] },
            Fingerprints);

    // The key attributes of all tables with a stream; their names differ.
    private static readonly string[] KeyNames =
        [SessionsTable.Key, LogAttributes.Source, LogAttributes.Receipt, ActivationsTable.Credential];

    private static int benches;
    private static InsightsBench? shared;

    // By key: the item as last counted.
    private readonly Dictionary<string, (string Texts, Dictionary<string, DynamoDBEvent.AttributeValue> Image)> counted = [];
    private readonly InProcessFunctions functions;
    private readonly string prefix;
    private long sequence;

    private InsightsBench(DynamoDbLocal dynamoDb, CollectionPolicy policy)
    {
        Policy = policy;
        prefix = string.Create(CultureInfo.InvariantCulture, $"bench{Interlocked.Increment(ref benches)}");
        DynamoDb = new CountingDynamoDb(dynamoDb.Endpoint);
        Sessions = new SessionsTable(DynamoDb, prefix + "-sessions");
        Calls = new CallsTable(DynamoDb, CallsTableName);
        Anonymous = new AnonymousTable(DynamoDb, AnonymousTableName);
        Counters = new CountersTable(DynamoDb, prefix + "-counters");
        functions = new InProcessFunctions(function => new App(TestSettings.Of(function, prefix + "-"), Clock)
        {
            DynamoDb = DynamoDb,
            Policy = Policy,
            Output = Stream.Null,
        });
    }

    public CollectionPolicy Policy { get; }

    public CountingDynamoDb DynamoDb { get; }

    public FakeTimeProvider Clock { get; } = new(TestTime.Start);

    public SessionsTable Sessions { get; }

    public CallsTable Calls { get; }

    public AnonymousTable Anonymous { get; }

    public CountersTable Counters { get; }

    /// <summary>The scheduled job; most tests look back over fewer days.</summary>
    public RollupJob RollupJob(int lookback = 60) => new(Counters, Clock, Policy.Retention("call"), Policy.HashBytes, lookback);

    public string SessionsTableName => prefix + "-sessions";

    public string CallsTableName => prefix + "-calls";

    public string AnonymousTableName => prefix + "-anonymous";

    public string CountersTableName => prefix + "-counters";

    public static string Fingerprint(string token) => Fingerprints.Credential(token);

    /// <summary>The bench for tests whose answers do not depend on data. Its only session belongs to the tests.</summary>
    public static async Task<InsightsBench> Shared(DynamoDbLocal dynamoDb) => shared ??= await Create(dynamoDb);

    public static async Task<InsightsBench> Create(DynamoDbLocal dynamoDb, CollectionPolicy? policy = null)
    {
        var bench = new InsightsBench(dynamoDb, policy ?? Shipped);
        var template = SamTemplate.Read(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "template.yaml")), bench.prefix, new Dictionary<string, string>(),
                (_, _) => "secret");
        using var client = new DynamoDbClient(dynamoDb.Endpoint);
        // Without a time to live: the tests use their own clock, and DynamoDB would remove items by the machine's clock.
        await new Tables(client)
            .Create([.. template.Tables.Select(table => table with { TimeToLiveAttribute = null })], CancellationToken.None);
        return bench;
    }

    /// <summary>Registers a session as the runtime does.</summary>
    public async Task StartSession(string id, string token, string version = "2026.3.1", bool ci = false,
        string machine = "dkr_0123456789ab")
    {
        var body = new JsonObject
        {
            ["name"] = "session",
            ["payload"] = new JsonObject
            {
                ["session_id"] = id,
                ["machine_id"] = machine,
                ["api_key"] = token,
                ["system"] = "Linux",
                ["version"] = version,
                ["is_ci"] = ci,
                ["is_docker"] = true,
                ["is_testing"] = false,
                ["edition"] = "pro",
            },
        }.ToJsonString();
        var answer = await Send("Session", Post(body));
        Assert.Equal(200, answer.StatusCode);
    }

    /// <summary>Sends one event to <c>POST /session</c>, and ignores the outcome.</summary>
    public Task Register(string json) => Send("Session", Post(json));

    /// <summary>Sends one event to <c>POST /events</c>, and ignores the outcome.</summary>
    public Task Deliver(string json) => Send("Events", Post(json));

    /// <summary>Reports a licence activation, and ignores the outcome.</summary>
    public Task Activate(string json)
    {
        var request = Post(json);
        request.Resource = "/license/activations";
        request.Headers!["authorization"] = "Bearer " + OperatorKey;
        return Send("Activations", request);
    }

    /// <summary>Sends events to <c>POST /events</c>, all of which must be stored.</summary>
    public async Task SendEvents(params IEnumerable<string> events)
    {
        var answer = await Send("Events", Post("{\"events\": [" + string.Join(',', events) + "]}"));
        Assert.Equal(200, answer.StatusCode);
        var json = JsonNode.Parse(answer.Body!)!;
        Assert.Equal((int)json["received"]!, (int)json["stored"]!);
    }

    public static string Call(
        string session, string time, string service, string operation, int status, string? message = null,
        string agent = "aws-cli/1.25.52 Python/3.10.4 Linux/5.13.0-28-generic awscrt/0.14.0 botocore/1.27.52") => new JsonObject
    {
        ["name"] = "aws_request",
        ["metadata"] = new JsonObject { ["session_id"] = session, ["client_time"] = time },
        ["payload"] = new JsonObject
        {
            ["service"] = service,
            ["operation"] = operation,
            ["status_code"] = status,
            ["err_type"] = status < 400 ? null : "InvalidRequest",
            ["err_msg"] = message,
            ["is_internal"] = false,
            ["region"] = "us-east-1",
            ["account_id"] = "000000000000",
            ["user_agent"] = agent,
        },
    }.ToJsonString();

    /// <summary>Delivers the items stored since the last call to the Aggregator, as the streams would.</summary>
    public async Task Count()
    {
        foreach (var (stream, records) in await Stored()) Assert.Empty((await Deliver(stream, "shardId-1", records)).BatchItemFailures);
    }

    /// <summary>The items stored since the last call, by stream: the sessions before the logs.</summary>
    public async Task<IReadOnlyList<(string Stream, IReadOnlyList<DynamoDBEvent.DynamodbStreamRecord> Records)>> Stored()
    {
        var streams = new List<(string, IReadOnlyList<DynamoDBEvent.DynamodbStreamRecord>)>();
        foreach (var table in new[] { SessionsTableName, CallsTableName, AnonymousTableName, prefix + "-activations" })
        {
            var records = new List<DynamoDBEvent.DynamodbStreamRecord>();
            ScanResponse? page = null;
            do
            {
                page = await DynamoDb.ScanAsync(new ScanRequest { TableName = table, ExclusiveStartKey = page?.LastEvaluatedKey });
                foreach (var item in page.Items)
                {
                    var key = string.Join('\n', KeyNames.Select(name => item.GetValueOrDefault(name)?.S));
                    var texts = string.Join('\n', item.Where(a => a.Value.S is not null).OrderBy(a => a.Key, StringComparer.Ordinal)
                        .Select(a => a.Value.S));
                    var known = counted.TryGetValue(key, out var old);
                    if (known && old.Texts == texts) continue;
                    var image = TestItems.Image(item);
                    counted[key] = (texts, image);
                    records.Add(new()
                    {
                        EventName = known ? "MODIFY" : "INSERT",
                        Dynamodb = new()
                        {
                            SequenceNumber = (++sequence).ToString(CultureInfo.InvariantCulture),
                            OldImage = old.Image,
                            NewImage = image,
                        },
                    });
                }
            }
            while (page.LastEvaluatedKey is { Count: > 0 });
            streams.Add(("arn:" + table, records));
        }

        return streams;
    }

    /// <summary>
    /// Delivers one batch to the Aggregator. Without a shard id it has no window and no state, as with LocalStack's poller.
    /// </summary>
    public Task<StreamAnswer> Deliver(
        string stream, string? shardId, IEnumerable<DynamoDBEvent.DynamodbStreamRecord> records, IReadOnlyDictionary<string,
            string>? state = null,
        ILambdaLogger? log = null) => functions.Aggregate(
        new DynamoDBTimeWindowEvent { EventSourceArn = stream, ShardId = shardId, State = state?.ToDictionary(), Records = [.. records] },
        new TestContext(log));

    /// <summary>
    /// Calls the read APIs, for example <c>/stacks?limit=2</c>. The route is found as in API Gateway; the path parameter stays encoded.
    /// </summary>
    public Task<APIGatewayProxyResponse> Get(string pathAndQuery, string? token, string? accept = null)
    {
        var parts = pathAndQuery.Split('?', 2);
        var segments = parts[0].Split('/');
        var stacks = segments[1] == "stacks";
        var headers = new Dictionary<string, string>();
        if (token is not null) headers["authorization"] = "Bearer " + token;
        if (accept is not null) headers["accept"] = accept;
        var request = new APIGatewayProxyRequest
        {
            HttpMethod = "GET",
            Path = parts[0],
            Resource = !stacks ? parts[0] : segments.Length switch
            {
                2 => "/stacks",
                3 => segments[2] is "overview" or "export" ? parts[0] : "/stacks/{session}",
                _ => "/stacks/{session}/" + segments[3],
            },
            PathParameters = stacks && segments.Length > 2 ? new Dictionary<string, string> { ["session"] = segments[2] } : null,
            Headers = headers,
            QueryStringParameters = parts.Length == 1 ? null : parts[1].Split('&').Select(p => p.Split('=', 2))
                .ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1])),
        };
        var function = parts[0] == "/stacks/export" ? "Export" : stacks ? "Stacks" : segments[1] == "license" ? "Activations" : "Usage";
        return Send(function, request);
    }

    /// <summary>Runs the scheduled function until nothing is left to roll up.</summary>
    public async Task RollUp(int lookback = 60) => Assert.Equal(0, (await RollupJob(lookback).Run(DateTimeOffset.MaxValue)).Left);

    /// <summary>All content of the Counters table, in no order.</summary>
    public async Task<IReadOnlySet<string>> CounterItems()
    {
        var items = new HashSet<string>(StringComparer.Ordinal);
        ScanResponse? page = null;
        do
        {
            page = await DynamoDb.ScanAsync(new ScanRequest { TableName = CountersTableName, ExclusiveStartKey = page?.LastEvaluatedKey });
            foreach (var item in page.Items)
            {
                items.Add(string.Join(' ', item.OrderBy(a => a.Key, StringComparer.Ordinal)
                    .Select(a => $"{a.Key}={a.Value.S ?? a.Value.N ?? Convert.ToBase64String(a.Value.B.ToArray())}")));
            }
        }
        while (page.LastEvaluatedKey is { Count: > 0 });
        return items;
    }

    /// <summary>The JSON of an answer that must be 200.</summary>
    public async Task<JsonObject> Json(string pathAndQuery, string? token)
    {
        var answer = await Get(pathAndQuery, token);
        Assert.True(answer.StatusCode == 200, answer.Body);
        return JsonNode.Parse(answer.Body!)!.AsObject();
    }

    /// <summary>Writes items directly, without the functions.</summary>
    public async Task Write(string table, IEnumerable<Dictionary<string, AttributeValue>> items)
    {
        await Parallel.ForEachAsync(items.Chunk(25), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (chunk, cancel) =>
            await DynamoDb.BatchWriteItemAsync(
                new BatchWriteItemRequest { RequestItems =
                    new() { [table] = [.. chunk.Select(item => new WriteRequest(new PutRequest(item)))] } }, cancel));
    }

    public void Dispose() => DynamoDb.Dispose();

    private static APIGatewayProxyRequest Post(string body) => new()
    {
        HttpMethod = "POST",
        Headers = new Dictionary<string, string> { ["content-type"] = "application/json" },
        Body = Convert.ToBase64String(Encoding.UTF8.GetBytes(body)),
        IsBase64Encoded = true,
    };

    private Task<APIGatewayProxyResponse> Send(string function, APIGatewayProxyRequest request) =>
        functions.Send(function, request, new TestContext());
}
