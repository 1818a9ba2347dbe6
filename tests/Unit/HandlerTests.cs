using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Collector.Local.Template;
using Collector.Tests.Unit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit;

/// <summary>
/// Runs each handler of the template as the runtime does: the bytes of an event go in, and the bytes of an answer come out in the shape
/// that AWS expects. Every answer is therefore written by the serializer that is deployed.
/// </summary>
public sealed class HandlerTests : IDisposable
{
    private static readonly SamTemplate Template = SamTemplate.Read(
        File.ReadAllText(Path.Combine(Repository.Root, "template.yaml")), "usage", new Dictionary<string, string>(), (_, _) =>
            new string('s', 40));

    private readonly InMemoryDynamoDb dynamoDb = new();

    public static TheoryData<string> OfTheApi() => [.. Handlers(id => Template.Routes.Any(route => route.FunctionId == id))];

    public static TheoryData<string> OfStreams() => [.. Handlers(id => Template.Mappings.Any(mapping => mapping.FunctionId == id))];

    public static TheoryData<string> OfSchedules() => [.. Handlers(id => Template.Schedules.Any(schedule => schedule.FunctionId == id))];

    public void Dispose() => dynamoDb.Dispose();

    [Theory]
    [MemberData(nameof(OfTheApi))]
    public async Task An_API_handler_answers_a_request_with_a_proxy_response(string handler)
    {
        var answer = await Json(handler,
            """{"resource": "/", "path": "/", "httpMethod": "GET", "headers": {"Accept": "*/*"}, "body": null}""");
        Assert.InRange((int)answer["statusCode"]!, 200, 499);
        Assert.NotNull((string?)answer["headers"]!["Content-Type"]);
        Assert.Equal(System.Text.Json.JsonValueKind.String, answer["body"]!.GetValueKind());
        Assert.False(string.IsNullOrEmpty((string?)answer["body"]));
    }

    [Theory]
    [MemberData(nameof(OfTheApi))]
    public async Task An_API_handler_answers_an_event_that_is_not_a_request_with_a_problem(string handler)
    {
        var answer = await Json(handler, """{"path": ["SECRET"]}""");
        Assert.Equal(400, (int)answer["statusCode"]!);
        Assert.Equal("application/problem+json", (string?)answer["headers"]!["Content-Type"]);
        Assert.DoesNotContain("SECRET", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OfStreams))]
    public async Task A_stream_handler_reports_a_batch_as_done(string handler)
    {
        var answer = await Json(handler, StreamEvent);
        Assert.Equal("[]", answer["batchItemFailures"]!.ToJsonString());
        AssertState(handler, answer);
    }

    [Theory]
    [MemberData(nameof(OfStreams))]
    public async Task A_stream_handler_reports_where_to_continue_when_the_store_is_unavailable(string handler)
    {
        dynamoDb.Before = _ => throw new ProvisionedThroughputExceededException("away");
        var answer = await Json(handler, StreamEvent);
        Assert.Equal("""[{"itemIdentifier":"4421584500000000017450439091"}]""", answer["batchItemFailures"]!.ToJsonString());
        AssertState(handler, answer);
    }

    [Theory]
    [MemberData(nameof(OfSchedules))]
    public async Task A_schedule_handler_has_an_empty_answer(string handler) =>
        Assert.Equal("", await Answer(handler, """{"source": "aws.events"}"""));

    // Lambda treats an answer without a state as a failure when the batch belongs to a tumbling window.
    private static void AssertState(string handler, JsonNode answer)
    {
        var windowed = Template.Mappings.Any(mapping => mapping.TumblingWindow > TimeSpan.Zero && Handler(mapping.FunctionId) == handler);
        Assert.Equal(windowed, answer["state"] is JsonObject);
        if (windowed) Assert.Equal("seven", (string?)answer["state"]!["kept"]);
    }

    private static string StreamEvent { get; } = """
        {"Records": [{"eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb",
          "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
          "dynamodb": {"ApproximateCreationDateTime": 1795332766,
            "Keys": {"session_id": {"S": "erasure#00000000-0000-0000-0000-000000000001"}},
            "NewImage": {"session_id": {"S": "erasure#00000000-0000-0000-0000-000000000001"},
              "source": {"S": "ledger#0"}, "receipt": {"S": "0"}, "at": {"N": "1795332766000"},
              "data": {"B": "AQID"}},
            "SequenceNumber": "4421584500000000017450439091", "SizeBytes": 26, "StreamViewType": "NEW_IMAGE"}}],
         "window": {"start": "2026-11-22T07:30:00Z", "end": "2026-11-22T07:45:00Z"}, "state": {"kept": "seven"},
         "shardId": "shardId-00000001", "eventSourceARN": "arn:s", "isFinalInvokeForWindow": false, "isWindowTerminatedEarly": false}
        """;

    private static IEnumerable<string> Handlers(Func<string, bool> take) =>
        Template.Functions.Where(function => take(function.LogicalId)).Select(function => function.Handler);

    private static string Handler(string functionId) => Template.Functions.Single(function => function.LogicalId == functionId).Handler;

    private async Task<JsonNode> Json(string handler, string json) => JsonNode.Parse(await Answer(handler, json))!;

    private async Task<string> Answer(string handler, string json)
    {
        var function = Template.Functions.Single(function => function.Handler == handler);
        var settings = new Settings(name => name == "_HANDLER" ? handler : function.Variables.GetValueOrDefault(name));
        var handle = new App(settings, new FakeTimeProvider(TestTime.Start)) { DynamoDb = dynamoDb }.Handler();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(json));
        await using var output = await handle(input, new TestContext { RemainingTime = TimeSpan.FromSeconds(60) });
        using var reader = new StreamReader(output);
        return await reader.ReadToEndAsync();
    }
}
