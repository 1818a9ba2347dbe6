using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.Lambda.RuntimeSupport;
using Collector.Tests.Unit.AmazonLambda;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// No exception in a handler reveals the content of an event to Lambda or a log (I1). The runtime of these tests reports and logs the
/// message of every exception that leaves a handler, as the public packages do.
/// </summary>
public sealed partial class ExceptionTests
{
    private const string Token = "\"Authorization\": \"Bearer ls-secret\"";

    // One event per handler that reaches the store, which fails with an exception that quotes it.
    private static readonly Dictionary<string, string> Events = new()
    {
        ["Session"] = Request("POST", "/session", body: """{"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24", "api_key": "ls-secret"}"""),
        ["Events"] = Request("POST", "/events", body: """{"name": "cli_cmd", "payload": {"cmd": "localstack start"}}"""),
        ["Requests"] = Request("POST", "/requests", body: """{"name": "cli_cmd", "payload": {"cmd": "ls-secret"}}"""),
        ["Cli"] = Request("POST", "/cli", body: """{"name": "cli_cmd", "payload": {"cmd": "localstack start"}}"""),
        ["Features"] = Request("POST", "/features", body: """{"name": "run_init", "payload": {"stage": "READY", "scripts": 1, "duration": 1}}"""),
        ["Aggregator"] = """
            {"ShardId": "shardId-1", "EventSourceArn": "arn:events", "Records": [{"eventName": "INSERT",
             "dynamodb": {"SequenceNumber": "1", "NewImage": {"source": {"S": "ls-secret"}}}}]}
            """,
        ["Eraser"] = """{"Records": [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "Keys": {"session_id": {"S": "erasure#ls-secret"}}}}]}""",
        ["Rollup"] = "\"ls-secret\"",
        ["Activations"] = Request("GET", "/license/credits"),
        ["Tracking"] = Request("GET", "/tracking"),
        ["Erasure"] = Request("DELETE", "/stacks"),
        ["Stacks"] = Request("GET", "/stacks"),
        ["Export"] = Request("GET", "/stacks/export"),
        ["Health"] = Request("GET", "/health"),
        ["Preview"] = Request("POST", "/policy/preview", body: """{"name": "cli_cmd", "payload": {"cmd": "ls-secret"}}"""),
        ["Usage"] = Request("GET", "/usage/requests"),
        ["Policy"] = Request("GET", "/policy"),
        ["Dashboard"] = Request("GET", "/"),
    };

    public static TheoryData<string> Handlers() =>
        [.. Handler().Matches(File.ReadAllText(Path.Combine(Repository.Root, "template.yaml"))).Select(match => match.Groups[1].Value)
            .Distinct()];

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task Nothing_is_revealed_when_the_stores_exception_quotes_the_event(string handler)
    {
        var store = DispatchProxy.Create<IAmazonDynamoDB, QuotingStore>();
        await Send(handler, Events[handler], store);
        // The event has reached the store, where the function has one.
        Assert.Equal(handler is not ("Policy" or "Preview" or "Dashboard"), ((QuotingStore)(object)store).Asked);
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task Nothing_is_revealed_when_the_event_is_not_json(string handler) => await Send(handler, "{\"ls-secret\": ls-secret}");

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task Nothing_is_revealed_when_the_event_has_another_shape(string handler) =>
        await Send(handler, """{"headers": {"ls-secret": ["ls-secret"]}, "Records": {"ls-secret": "ls-secret"}}""");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[\"ls-secret\"]")]
    public async Task The_api_answers_an_unreadable_event_with_400(string json)
    {
        var answer = JsonNode.Parse((await Send("Events", json)).Text)!;
        Assert.Equal(400, (int)answer["statusCode"]!);
        Assert.Equal(400, (int)JsonNode.Parse((string)answer["body"]!)!["status"]!);
    }

    [Fact]
    public async Task An_unreadable_stream_batch_is_reported_as_an_error()
    {
        var result = await Send("Aggregator", "[]");
        Assert.Equal(("error", "InvocationFailedException"), (result.Kind, result.ErrorType));
        Assert.Contains("The event cannot be read as DynamoDBTimeWindowEvent", result.Text, StringComparison.Ordinal);
    }

    private static async Task<FakeRuntimeApi.Result> Send(string handler, string json, IAmazonDynamoDB? store = null)
    {
        using var lines = new MemoryStream();
        await using var api = await FakeRuntimeApi.StartAsync();
        var app = new App(TestSettings.Of(handler), TimeProvider.System)
        {
            DynamoDb = store ?? DispatchProxy.Create<IAmazonDynamoDB, QuotingStore>(),
            Output = lines,
        };
        await using var function = new RunningFunction(api, LambdaBootstrapBuilder.Create(app.Handler()));
        api.Enqueue(json);
        var result = await api.ResultAsync();
        Assert.DoesNotContain("ls-secret", result.Text + function.LogText + System.Text.Encoding.UTF8.GetString(lines.ToArray()),
            StringComparison.Ordinal);
        Assert.NotEqual(0, lines.Length);
        return result;
    }

    private static string Request(string method, string resource, string? body = null) => new JsonObject
    {
        ["httpMethod"] = method,
        ["resource"] = resource,
        ["headers"] = JsonNode.Parse("{\"Content-Type\": \"application/json\", " + (resource.StartsWith("/usage", StringComparison.Ordinal)
            ? $"\"Authorization\": \"Bearer {TestSettings.OperatorKey}\"" : Token) + "}"),
        ["body"] = body,
    }.ToJsonString();

    [GeneratedRegex(@"\bHandler: (\w+)")]
    private static partial Regex Handler();
}
