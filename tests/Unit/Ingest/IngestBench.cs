using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Collector.Api;
using Collector.Counting;
using Collector.Ingest;
using Collector.Metrics;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Unit.Counting;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Ingest;

/// <summary>The ingest functions over tables in memory: requests in, answers, tables and log lines out.</summary>
internal sealed class IngestBench(CollectionPolicy? policy = null)
{
    private static readonly SourceGeneratorLambdaJsonSerializer<ApiJson> ApiSerializer = new();
    private static readonly SourceGeneratorLambdaJsonSerializer<StreamJson> StreamSerializer = new();

    private readonly CollectionPolicy policy = policy ?? Policies.Shipped;
    private readonly MemoryStream metrics = new();
    private int counted;

    public InMemoryDynamoDb DynamoDb { get; } = new();

    public TestClock Clock { get; } = new();

    public RecordingLog Log { get; } = new();

    /// <summary>The lines of metrics, one an invocation, as CloudWatch gets them.</summary>
    public IReadOnlyList<string> Metrics => Encoding.UTF8.GetString(metrics.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The items of both logs.</summary>
    public IReadOnlyList<Dictionary<string, AttributeValue>> LogItems => [.. DynamoDb.Items("calls"), .. DynamoDb.Items("anonymous")];

    /// <summary>An Aggregator that has just started.</summary>
    public AggregatorFunction Aggregator() => new(
        new CountersTable(DynamoDb, "counters"), new SessionMarks(DynamoDb, "sessions", policy), policy, Policies.Fingerprints, Policies.Seal, Clock);

    /// <summary>Counts what was stored since the last time, as the stream hands it on: the rest of the way that an event goes.</summary>
    public async Task Count()
    {
        var aggregator = Aggregator();
        var first = counted;
        var changesOfTables = DynamoDb.Stream.Skip(first).Where(change => change.Table != "counters").GroupBy(change => change.Table).ToList();
        counted = DynamoDb.Stream.Count;
        foreach (var changes in changesOfTables)
        {
            var answer = await Observed<DynamoDBTimeWindowEvent, StreamAnswer>("Aggregator", aggregator.Handle, StreamSerializer)(
                StreamEvents.Of([.. changes], "shardId-" + changes.Key, 1_000_000 + first));
            Assert.Empty(answer.BatchItemFailures);
        }
    }

    public Task<APIGatewayProxyResponse> Session(string json) => Send("Session", ApiFunction.Guard(
        new SessionFunction(policy, Policies.Fingerprints, Sessions, Anonymous, Clock).Handle, policy), Encoding.UTF8.GetBytes(json));

    public Task<APIGatewayProxyResponse> Post(string json, string? endpoint = null) => Post(Encoding.UTF8.GetBytes(json), endpoint);

    public Task<APIGatewayProxyResponse> Post(
        byte[] body, string? endpoint = null, Dictionary<string, string>? headers = null, Action<APIGatewayProxyRequest>? change = null) =>
        Send("Events", ApiFunction.Guard(new EventsFunction(endpoint, policy, Policies.Fingerprints, Sessions, EventLog, Clock).Handle, policy), body, headers, change);

    /// <summary>The answer's members.</summary>
    public static JsonObject Json(APIGatewayProxyResponse response) => JsonNode.Parse(response.Body!)!.AsObject();

    private SessionsTable Sessions => new(DynamoDb, "sessions");

    private AnonymousTable Anonymous => new(DynamoDb, "anonymous");

    private EventLog EventLog => new(new CallsTable(DynamoDb, "calls"), Anonymous);

    // By way of the bytes that Lambda sends and takes.
    private Func<TRequest, Task<TResponse>> Observed<TRequest, TResponse>(
        string function, Func<TRequest, ILambdaContext, Task<TResponse>> handle, ILambdaSerializer serializer)
        where TRequest : class => async request =>
    {
        using var input = new MemoryStream();
        serializer.Serialize(request, input);
        input.Position = 0;
        var observed = new InvocationLog(metrics, function, "usage-collector/tests", Clock).Observe(handle, serializer);
        await using var output = await observed(input, new TestContext(Log));
        return serializer.Deserialize<TResponse>(output);
    };

    private Task<APIGatewayProxyResponse> Send(
        string function, Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> handle, byte[] body,
        Dictionary<string, string>? headers = null, Action<APIGatewayProxyRequest>? change = null)
    {
        var request = new APIGatewayProxyRequest
        {
            HttpMethod = "POST",
            Headers = headers ?? new Dictionary<string, string> { ["content-type"] = "application/json" },
            Body = Convert.ToBase64String(body),
            IsBase64Encoded = true,
        };
        change?.Invoke(request);
        return Observed(function, handle, ApiSerializer)(request);
    }
}
