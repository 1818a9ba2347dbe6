using System.Text;
using System.Text.Json.Nodes;
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

    public InMemoryDynamoDb DynamoDb { get; } = new();

    public TestClock Clock { get; } = new();

    public RecordingLog Log { get; } = new();

    public RequestLimits Limits { get; init; } = new();

    /// <summary>The lines of metrics, one an invocation, as CloudWatch gets them.</summary>
    public IReadOnlyList<string> Metrics => Encoding.UTF8.GetString(metrics.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Counts what was stored, as the stream hands it on: the rest of the way that an event goes.</summary>
    public async Task Count()
    {
        var aggregator = new AggregatorFunction(
            new CountersTable(DynamoDb, "counters"), new SessionMarks(DynamoDb, "sessions", policy), policy, Policies.Fingerprints, Clock);
        foreach (var changes in DynamoDb.Stream.Where(change => change.Table is "events" or "sessions").GroupBy(change => change.Table))
        {
            var answer = await Observed<DynamoDBTimeWindowEvent, StreamAnswer>("Aggregator", aggregator.Handle, StreamSerializer)(
                StreamEvents.Of([.. changes], "shardId-" + changes.Key, 1_000_000));
            Assert.Empty(answer.BatchItemFailures);
        }
    }

    public Task<APIGatewayProxyResponse> Session(string json) => Send("Session", ApiFunction.Guard(
        new SessionFunction(policy, Policies.Fingerprints, Sessions, Events, Clock).Handle, policy), Encoding.UTF8.GetBytes(json));

    public Task<APIGatewayProxyResponse> Post(string json, string? endpoint = null) => Post(Encoding.UTF8.GetBytes(json), endpoint);

    public Task<APIGatewayProxyResponse> Post(
        byte[] body, string? endpoint = null, Dictionary<string, string>? headers = null, Action<APIGatewayProxyRequest>? change = null) =>
        Send("Events", ApiFunction.Guard(new EventsFunction(endpoint, policy, Policies.Fingerprints, Sessions, Events, Clock, Limits).Handle, policy), body, headers, change);

    /// <summary>The answer's members.</summary>
    public static JsonObject Json(APIGatewayProxyResponse response) => JsonNode.Parse(response.Body!)!.AsObject();

    private SessionsTable Sessions => new(DynamoDb, "sessions");

    private EventsTable Events => new(DynamoDb, "events");

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
