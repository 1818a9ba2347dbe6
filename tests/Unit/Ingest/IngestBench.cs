using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Counting;
using Collector.Ingest;
using Collector.Policy;
using Collector.Tests.Unit.Counting;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.Ingest;

/// <summary>The functions with tables in memory: requests go in; answers, tables and log lines come out.</summary>
internal sealed class IngestBench
{
    private readonly MemoryStream metrics = new();
    private readonly InProcessFunctions functions;
    private int counted;

    public IngestBench(CollectionPolicy? policy = null) =>
        functions = new InProcessFunctions(function => new App(TestSettings.Of(function, others: LimitSettings()), Clock)
        {
            DynamoDb = DynamoDb,
            Policy = policy ?? Policies.Shipped,
            Output = metrics,
        });

    public InMemoryDynamoDb DynamoDb { get; } = new();

    public FakeTimeProvider Clock { get; } = new(TestTime.Start);

    public RecordingLog Log { get; } = new();

    public RequestLimits Limits { get; init; } = new();

    /// <summary>The metric lines, one per invocation, as CloudWatch gets them.</summary>
    public IReadOnlyList<string> Metrics => Encoding.UTF8.GetString(metrics.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The items of both log tables.</summary>
    public IReadOnlyList<Dictionary<string, AttributeValue>> LogItems => [.. DynamoDb.Items("calls"), .. DynamoDb.Items("anonymous")];

    /// <summary>The next batch goes to an Aggregator that has just started and remembers nothing.</summary>
    public void RestartAggregator() => functions.Restart("Aggregator");

    /// <summary>Counts the items stored since the last call, as the streams deliver them.</summary>
    public async Task Count()
    {
        var first = counted;
        var changesOfTables = DynamoDb.Stream.Skip(first).Where(change => change.Table != "counters").GroupBy(change => change.Table)
            .ToList();
        counted = DynamoDb.Stream.Count;
        foreach (var changes in changesOfTables) await Count(StreamEvents.Of([.. changes], "shardId-" + changes.Key, 1_000_000 + first));
    }

    /// <summary>Counts a whole stream batch.</summary>
    public async Task Count(DynamoDBTimeWindowEvent batch) => Assert.Empty((await Deliver(batch)).BatchItemFailures);

    /// <summary>Delivers a batch of a stream once, and returns the answer.</summary>
    public Task<StreamAnswer> Deliver(DynamoDBTimeWindowEvent batch) => functions.Aggregate(batch, new TestContext(Log));

    public Task<APIGatewayProxyResponse> Session(string json) => Session(Encoding.UTF8.GetBytes(json));

    public Task<APIGatewayProxyResponse> Session(byte[] body, Dictionary<string, string>? headers = null) => Send("Session", body, headers);

    public Task<APIGatewayProxyResponse> Post(string json, string? endpoint = null) => Post(Encoding.UTF8.GetBytes(json), endpoint);

    public Task<APIGatewayProxyResponse> Post(
        byte[] body, string? endpoint = null, Dictionary<string, string>? headers = null, Action<APIGatewayProxyRequest>? change = null) =>
        Send(endpoint switch { null => "Events", "requests" => "Requests", "cli" => "Cli", _ => "Features" }, body, headers, change);

    /// <summary>The answer's members.</summary>
    public static JsonObject Json(APIGatewayProxyResponse response) => JsonNode.Parse(response.Body!)!.AsObject();

    private Dictionary<string, string> LimitSettings() => new Dictionary<string, int>
    {
        ["EVENTS_PER_REQUEST"] = Limits.Events,
        ["ENTRIES_PER_REQUEST"] = Limits.Entries,
        ["OPERATIONS_PER_REQUEST"] = Limits.Operations,
        ["CALLS_PER_ENTRY"] = Limits.CallsPerEntry,
        ["CALLS_PER_REQUEST"] = Limits.CallsPerRequest,
    }.ToDictionary(limit => limit.Key, limit => limit.Value.ToString(CultureInfo.InvariantCulture));

    private Task<APIGatewayProxyResponse> Send(
        string function, byte[] body, Dictionary<string, string>? headers = null, Action<APIGatewayProxyRequest>? change = null)
    {
        var request = new APIGatewayProxyRequest
        {
            HttpMethod = "POST",
            Headers = headers ?? new Dictionary<string, string> { ["content-type"] = "application/json" },
            Body = Convert.ToBase64String(body),
            IsBase64Encoded = true,
        };
        change?.Invoke(request);
        return functions.Send(function, request, new TestContext(Log));
    }
}
