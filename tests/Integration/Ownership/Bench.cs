using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Runtime;
using Collector.Local.DynamoDb;
using Collector.Local.Streams;
using Collector.Local.Template;
using Collector.Policy;
using Collector.Storage;
using Microsoft.Extensions.Time.Testing;
using StreamRecord = Collector.Local.Streams.StreamRecord;

namespace Collector.Tests.Integration.Ownership;

/// <summary>
/// The functions in this process, with the template's tables in DynamoDB Local, their streams, and a test clock.
/// </summary>
internal sealed class Bench : IDisposable
{
    public const string OperatorKey = TestSettings.OperatorKey;

    /// <summary>How long a deletion waits before its second round, on the test's clock.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(90);

    private static int benches;

    private readonly SamTemplate template;
    private readonly Uri endpoint;
    private readonly DynamoDbClient local;
    private readonly Dictionary<string, StreamPump> pumps = [];
    private readonly InProcessFunctions functions;
    private readonly RecordingLog log = new();

    private Bench(SamTemplate template, Uri endpoint, bool trackEvents, string secrets, FakeTimeProvider time)
    {
        this.template = template;
        this.endpoint = endpoint;
        Fingerprints = new Fingerprints(secrets);
        Time = time;
        local = new DynamoDbClient(endpoint);
        DynamoDb = new AmazonDynamoDBClient(new BasicAWSCredentials("local", "local"), new AmazonDynamoDBConfig
        {
            ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, HttpClientFactory = Tap,
            CacheHttpClient = true,
        });
        var prefix = Table("sessions")[..^"sessions".Length];
        var settings = new Dictionary<string, string>
        {
            ["TRACK_EVENTS"] = trackEvents ? "true" : "false",
            ["FINGERPRINT_SECRET"] = secrets,
        };
        Policy = CollectionPolicy.Load(TestSettings.Of("", prefix, settings).Switches, Fingerprints);
        functions = new InProcessFunctions(function => new App(TestSettings.Of(function, prefix, settings), Time)
        {
            DynamoDb = DynamoDb,
            Policy = Policy,
            Output = Stream.Null,
        });
    }

    public FakeTimeProvider Time { get; }

    public StoreTap Tap { get; } = new();

    public Fingerprints Fingerprints { get; }

    public CollectionPolicy Policy { get; }

    public IAmazonDynamoDB DynamoDb { get; }

    /// <summary>The functions' log lines.</summary>
    public IReadOnlyCollection<string> LogLines => log.Lines;

    public static async Task<Bench> Create(DynamoDbLocal dynamoDb, bool trackEvents = true)
    {
        var yaml = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "template.yaml"));
        var template = SamTemplate.Read(yaml, "owners" + Interlocked.Increment(ref benches), new Dictionary<string, string>(), (_, _) =>
            "not used");
        var bench = new Bench(template, dynamoDb.Endpoint, trackEvents, TestSettings.FingerprintSecret,
        new FakeTimeProvider(TestTime.Start));
        // Without a time to live: the tests use their own clock, and DynamoDB would remove items by the machine's clock.
        await new Tables(bench.local).Create([.. template.Tables.Select(table => table with { TimeToLiveAttribute = null })],
        CancellationToken.None);
        return bench;
    }

    /// <summary>The same tables with other secrets.</summary>
    public Bench With(string secrets) => new(template, endpoint, trackEvents: true, secrets, Time);

    public string Table(string name) => template.Tables.Single(t => t.Name.EndsWith("-" + name, StringComparison.Ordinal)).Name;

    /// <summary>Sends one request as API Gateway passes it on.</summary>
    public Task<APIGatewayProxyResponse> Send(
        string method, string resource, string? token = null, string? body = null, string? parameter = null, Dictionary<string,
        string>? query = null,
        string scheme = "Bearer ")
    {
        var headers = new Dictionary<string, string>();
        if (body is not null) headers["Content-Type"] = "application/json";
        if (token is not null) headers["Authorization"] = scheme + token;
        var request = new APIGatewayProxyRequest
        {
            HttpMethod = method,
            Resource = resource,
            Headers = headers,
            Body = body is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(body)),
            IsBase64Encoded = body is not null,
            PathParameters = parameter is null ? null : new Dictionary<string, string> { [resource.EndsWith("{id}",
            StringComparison.Ordinal) ? "id" : "session"] = parameter },
            QueryStringParameters = query,
        };
        var function = resource switch
        {
            "/session" => "Session",
            "/events" => "Events",
            "/tracking" => "Tracking",
            "/license/activations" or "/license/credits" => "Activations",
            "/stacks" or "/stacks/{session}" when method == "GET" => "Stacks",
            _ => "Erasure",
        };
        return functions.Send(function, request, Context());
    }

    public async Task<JsonObject> Json(Task<APIGatewayProxyResponse> response, int status = 200)
    {
        var answer = await response;
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {answer.Body}");
        return JsonNode.Parse(answer.Body!)!.AsObject();
    }

    public Task<JsonObject> Start(string sessionId, string token, bool testing = false) => Json(Send("POST", "/session", body: $$$"""
        {"name":"session","payload":{"session_id":"{{{sessionId}}}","machine_id":"dkr_0123456789ab","api_key":"{{{token}}}","system":"Linux",
         "version":"2026.3.1","is_ci":false,"is_docker":true,"is_testing":{{{(testing ? "true" : "false")}}},"edition":"pro"}}
        """));

    /// <summary>Sends a batch of AWS calls of a session; calls with the same <paramref name="serial"/> all differ.</summary>
    public Task<APIGatewayProxyResponse> Calls(string sessionId, int count, int serial) => Send("POST", "/events", body: new JsonObject
    {
        ["events"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject
        {
            ["name"] = "aws_request",
            ["metadata"] = new JsonObject { ["session_id"] = sessionId, ["client_time"] =
                $"2026-11-22 07:{serial / 60 % 60:00}:{serial % 60:00}.{i:000000}" },
            ["payload"] = new JsonObject
            {
                ["service"] = i % 2 == 0 ? "s3" : "sqs", ["operation"] = i % 2 == 0 ? "PutObject" : "DeleteQueue",
                ["status_code"] = i % 5 == 0 ? 400 : 200,
                ["is_internal"] = false, ["region"] = "us-east-1", ["account_id"] = "000000000000", ["user_agent"] = "aws-cli/1.25.52",
            },
        })]),
    }.ToJsonString());

    /// <summary>
    /// Delivers the streams of all tables to the Aggregator; <paramref name="disturb"/> returns extra deliveries that precede a batch.
    /// </summary>
    public async Task<int> Aggregate(Func<IReadOnlyList<StreamRecord>, IEnumerable<IReadOnlyList<StreamRecord>>>? disturb = null,
        string pump = "", int batches = int.MaxValue)
    {
        var records = 0;
        foreach (var mapping in template.Mappings.Where(m => m.FunctionId == "AggregatorFunction"))
        {
            records += await Pump(mapping, pump).Drain(async (arn, shard, batch) =>
            {
                foreach (var extra in disturb?.Invoke(batch) ?? []) await Aggregate(mapping, arn, shard, extra);
                return await Aggregate(mapping, arn, shard, batch);
            }, batches);
        }

        return records;
    }

    /// <summary>Invokes the DeletionWorker as its schedule does.</summary>
    public async Task Erase()
    {
        using var input = new MemoryStream("{}"u8.ToArray());
        await functions.Invoke("Eraser", input, Context());
    }

    /// <summary>All items of a table.</summary>
    public async Task<List<Dictionary<string, AttributeValue>>> Scan(string table)
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        var request = new ScanRequest { TableName = Table(table) };
        do
        {
            var page = await DynamoDb.ScanAsync(request);
            items.AddRange(page.Items ?? []);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
        return items;
    }

    /// <summary>All content of an item: names, strings, numbers, and packed content.</summary>
    public static string Text(Dictionary<string, AttributeValue> item)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in item) text.Append(name).Append('=').Append(Text(value)).Append('\n');
        return text.ToString();
    }

    /// <summary>The sum of the numbers of a metric's items whose attribute fulfils a condition.</summary>
    public async Task<long> Sum(string metric, Func<string, bool> attribute)
    {
        var sum = 0L;
        await foreach (var item in new CountersTable(DynamoDb, Table("counters")).Read(metric))
            sum += item.Numbers.Where(n => attribute(n.Key)).Sum(n => n.Value);
        return sum;
    }

    public void Dispose()
    {
        DynamoDb.Dispose();
        local.Dispose();
    }

    private static string Text(AttributeValue value)
    {
        if (value.M is { Count: > 0 } map) return Text(map);
        if (value.B is not { } binary) return value.S ?? value.N ?? "";
        var bytes = binary.ToArray();
        return PackedContent.Text(bytes) ?? Convert.ToHexStringLower(bytes);
    }

    private StreamPump Pump(MappingDefinition mapping, string name)
    {
        var key = $"{mapping.Id}/{mapping.TableName}/{name}";
        return pumps.TryGetValue(key, out var pump) ? pump : pumps[key] = new StreamPump(local, mapping);
    }

    private async Task<string?> Aggregate(MappingDefinition mapping, string arn, string shard, IReadOnlyList<StreamRecord> batch)
    {
        var written = StreamEvent.WriteWindow(batch, 0, mapping.TumblingWindow, [], shard, arn, final: false, early: false);
        using var json = new MemoryStream(written);
        return await functions.Deliver("Aggregator", json, Context());
    }

    private TestContext Context() => new(log) { RemainingTime = TimeSpan.FromMinutes(1) };
}
