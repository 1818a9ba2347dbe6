using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Http;
using Collector.Ingest;
using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Ingest;

/// <summary>The ingest functions over tables in memory: requests in, answers, tables and log lines out.</summary>
internal sealed class IngestBench(CollectionPolicy? policy = null)
{
    private readonly CollectionPolicy policy = policy ?? Policies.Shipped;

    public InMemoryDynamoDb DynamoDb { get; } = new();

    public TestClock Clock { get; } = new();

    public RecordingLog Log { get; } = new();

    public Task<APIGatewayProxyResponse> Session(string json) => Send(ApiFunction.Guard(
        new SessionFunction(policy, Policies.Fingerprints, Sessions, Events, Clock).Handle, policy), Encoding.UTF8.GetBytes(json));

    public Task<APIGatewayProxyResponse> Post(string json, string? endpoint = null) => Post(Encoding.UTF8.GetBytes(json), endpoint);

    public Task<APIGatewayProxyResponse> Post(
        byte[] body, string? endpoint = null, Dictionary<string, string>? headers = null, Action<APIGatewayProxyRequest>? change = null) =>
        Send(ApiFunction.Guard(new EventsFunction(endpoint, policy, Policies.Fingerprints, Sessions, Events, Clock).Handle, policy), body, headers, change);

    /// <summary>The answer's members.</summary>
    public static JsonObject Json(APIGatewayProxyResponse response) => JsonNode.Parse(response.Body!)!.AsObject();

    private SessionsTable Sessions => new(DynamoDb, "sessions");

    private EventsTable Events => new(DynamoDb, "events");

    private Task<APIGatewayProxyResponse> Send(
        Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> handle, byte[] body,
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
        return handle(request, new TestContext(Log));
    }
}
