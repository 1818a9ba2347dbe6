using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Policy;
using Collector.Tests.Unit.Counting;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.Ingest;

/// <summary>The functions over tables in memory: requests in; answers, tables and log lines out.</summary>
internal sealed class IngestBench
{
    private readonly MemoryStream metrics = new();
    private readonly InProcessFunctions functions;

    public IngestBench(CollectionPolicy? policy = null) =>
        functions = new InProcessFunctions(function => new App(TestSettings.Of(function), Clock)
    {
        DynamoDb = DynamoDb,
        Policy = policy ?? Policies.Shipped,
        Output = metrics,
    });

    public InMemoryDynamoDb DynamoDb { get; } = new();

    public FakeTimeProvider Clock { get; } = new(TestTime.Start);

    public RecordingLog Log { get; } = new();

    /// <summary>The lines of metrics, one an invocation, as CloudWatch gets them.</summary>
    public IReadOnlyList<string> Metrics => Encoding.UTF8.GetString(metrics.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Counts what was stored, as the streams deliver it.</summary>
    public async Task Count()
    {
        foreach (var changes in DynamoDb.Stream.Where(change => change.Table is "events" or "sessions").GroupBy(change => change.Table))
        {
            await Count(StreamEvents.Of([.. changes], "shardId-" + changes.Key, 1_000_000));
        }
    }

    /// <summary>Counts a batch of a stream, all of it.</summary>
    public async Task Count(DynamoDBTimeWindowEvent batch) =>
        Assert.Empty((await functions.Aggregate(batch, new TestContext(Log))).BatchItemFailures);

    public Task<APIGatewayProxyResponse> Session(string json) => Session(Encoding.UTF8.GetBytes(json));

    public Task<APIGatewayProxyResponse> Session(byte[] body, Dictionary<string, string>? headers = null) => Send("Session", body, headers);

    public Task<APIGatewayProxyResponse> Post(string json, string? endpoint = null) => Post(Encoding.UTF8.GetBytes(json), endpoint);

    public Task<APIGatewayProxyResponse> Post(
        byte[] body, string? endpoint = null, Dictionary<string, string>? headers = null, Action<APIGatewayProxyRequest>? change = null) =>
        Send(endpoint switch { null => "Events", "requests" => "Requests", "cli" => "Cli", _ => "Features" }, body, headers, change);

    /// <summary>The answer's members.</summary>
    public static JsonObject Json(APIGatewayProxyResponse response) => JsonNode.Parse(response.Body!)!.AsObject();

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
