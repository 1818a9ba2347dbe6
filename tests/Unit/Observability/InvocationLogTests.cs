using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Collector.Observability;
using Collector.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.Observability;

/// <summary>An invocation's log line: JSON, in CloudWatch's embedded metric format, with numbers only.</summary>
public sealed class InvocationLogTests : IDisposable
{
    private static readonly SourceGeneratorLambdaJsonSerializer<ApiJson> Serializer = new();

    private readonly MemoryStream output = new();
    private readonly RecordingLog logger = new();
    private readonly FakeTimeProvider clock = new(TestTime.Start);
    private readonly InvocationLog log;

    public InvocationLogTests() => log = new InvocationLog(output, "Events", "usage-collector/test", clock);

    public void Dispose() => output.Dispose();

    [Fact]
    public async Task An_invocation_is_one_line_with_its_numbers_and_the_first_one_reports_a_cold_start()
    {
        await Invoke(report =>
        {
            report.Count(received: 5, stored: 2, duplicates: 1);
            report.Dropped("invalid");
            report.Dropped("too_many", 1);
        });
        await Invoke(_ => { });

        var lines = Lines();
        Assert.Equal(2, lines.Count);
        Assert.Equal(
            ("00000000-0000-0000-0000-000000000000", "Events", "done", 200),
            ((string?)lines[0]["requestId"], (string?)lines[0]["function"], (string?)lines[0]["outcome"], (int)lines[0]["status"]!));
        Assert.Equal(
            (5, 2, 1, 1, 1, 1),
            ((int)lines[0]["received"]!, (int)lines[0]["stored"]!, (int)lines[0]["duplicates"]!, (int)lines[0]["dropped_invalid"]!,
                (int)lines[0]["dropped_too_many"]!, (int)lines[0]["cold_starts"]!));
        Assert.Null(lines[1]["cold_starts"]);
        Assert.False((bool)lines[1]["cold_start"]!);
    }

    [Fact]
    public async Task Every_announced_metric_is_present_and_the_function_is_the_only_dimension()
    {
        await Invoke(report =>
        {
            report.Count(1, 1, 0);
            report.Lag = TimeSpan.FromSeconds(3);
        }, storeCalls: 3);
        await Invoke(_ => { });

        foreach (var line in Lines())
        {
            Assert.Equal(clock.GetUtcNow().ToUnixTimeMilliseconds(), (long)line["_aws"]!["Timestamp"]!);
            var directives = line["_aws"]!["CloudWatchMetrics"]!.AsArray();
            Assert.Equal(["""[["function"]]""", "[[]]"], directives.Select(directive => directive!["Dimensions"]!.ToJsonString()));
            Assert.Equal("time_used_percent", (string?)Assert.Single(directives[1]!["Metrics"]!.AsArray())!["Name"]);
            Assert.True(line["function"] is JsonValue);
            foreach (var directive in directives)
            {
                Assert.Equal("usage-collector/test", (string?)directive!["Namespace"]);
                foreach (var metric in directive["Metrics"]!.AsArray())
                {
                    Assert.Contains((string?)metric!["Unit"], new[] { "Count", "Milliseconds", "Percent" });
                    var value = line[(string)metric["Name"]!];
                    Assert.True(value is JsonArray { Count: > 0 and <= 100 } values ? values.All(IsNumber) : IsNumber(value),
                        (string?)metric["Name"]);
                }
            }
        }
    }

    [Fact]
    public async Task The_time_used_is_a_share_of_the_timeout_and_is_omitted_for_a_handler_that_always_uses_all_of_it()
    {
        // 2 s have passed when the line is written, and 8 s are left.
        await Invoke(_ => clock.Advance(TimeSpan.FromSeconds(2)), remaining: TimeSpan.FromSeconds(8));
        await Invoke(_ => clock.Advance(TimeSpan.FromSeconds(2)), remaining: TimeSpan.FromSeconds(-1));
        await Invoke(report => report.UsesAllItsTime = true, remaining: TimeSpan.FromSeconds(8));

        Assert.Equal([20, 100, null], Lines().Select(line => (double?)line["time_used_percent"]));
        Assert.Single(Lines()[2]["_aws"]!["CloudWatchMetrics"]!.AsArray());
    }

    [Fact]
    public async Task An_idle_invocation_writes_a_line_without_metrics()
    {
        await Invoke(report =>
        {
            report.Count("turns", 0);
            report.IsIdle = true;
        });
        Assert.Equal((0, "done"), ((int)Lines()[0]["turns"]!, (string?)Lines()[0]["outcome"]));
        Assert.Null(Lines()[0]["_aws"]);
    }

    [Fact]
    public async Task Store_calls_beyond_the_number_of_values_that_CloudWatch_accepts_are_still_counted()
    {
        await Invoke(_ => { }, storeCalls: 101);
        var line = Lines()[0];
        Assert.Equal((101, 100), ((int)line["store_calls"]!, line["store_latency_ms"]!.AsArray().Count));
    }

    [Theory]
    [InlineData(200, "done")]
    [InlineData(399, "done")]
    [InlineData(400, "refused")]
    [InlineData(499, "refused")]
    [InlineData(500, "failed")]
    [InlineData(503, "unavailable")]
    public async Task The_outcome_follows_from_the_status(int status, string outcome)
    {
        await Invoke(_ => { }, status);
        Assert.Equal(outcome, (string?)Lines()[0]["outcome"]);
    }

    [Fact]
    public async Task A_failing_handler_has_its_line_and_the_exceptions_message_is_not_written()
    {
        var failing = log.Observe<APIGatewayProxyRequest, APIGatewayProxyResponse>(
            (_, _) => throw new InvalidDataException("SECRET", new FormatException("SECRET")), Serializer);
        var failure = await Assert.ThrowsAsync<InvocationFailedException>(() => failing(Bytes("{}"), new TestContext(logger)));
        Assert.Equal("The function failed with System.IO.InvalidDataException; its log has the stack trace.", failure.Message);
        Assert.Null(failure.InnerException);
        Assert.Equal("failed", (string?)Lines()[0]["outcome"]);
        Assert.Contains(nameof(A_failing_handler_has_its_line_and_the_exceptions_message_is_not_written), Assert.Single(logger.Lines),
            StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", failure + Text + string.Concat(logger.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"path": ["SECRET"]}""")]
    [InlineData("""{"SECRET": SECRET}""")]
    [InlineData("""{"headers": {"SECRET": 1}}""")]
    [InlineData("""{"body": "\ud800"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task An_unreadable_event_is_answered_and_never_quoted(string json)
    {
        var handler = log.Observe<APIGatewayProxyRequest, APIGatewayProxyResponse>(
            (_, _) => throw new InvalidOperationException("it has been read"), Serializer, () =>
                new APIGatewayProxyResponse { StatusCode = 400 });
        await using var answer = await handler(Bytes(json), new TestContext(logger));
        Assert.Equal(400, Serializer.Deserialize<APIGatewayProxyResponse>(answer).StatusCode);
        Assert.Equal(("refused", 400), ((string?)Lines()[0]["outcome"], (int)Lines()[0]["status"]!));

        // Where no client waits for an answer, the invocation fails, so that Lambda keeps the event.
        var stream = log.Observe<APIGatewayProxyRequest,
            APIGatewayProxyResponse>((_, _) => throw new InvalidOperationException("it has been read"), Serializer);
        var failure = await Assert.ThrowsAsync<InvocationFailedException>(() => stream(Bytes(json), new TestContext(logger)));
        Assert.Equal("The event cannot be read as APIGatewayProxyRequest.", failure.Message);
        Assert.Null(failure.InnerException);
        Assert.Equal("failed", (string?)Lines()[1]["outcome"]);
        Assert.DoesNotContain("SECRET", failure + Text + string.Concat(logger.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_line_reports_done_only_after_the_answer_is_written()
    {
        var unwritable = log.Observe<APIGatewayProxyRequest, Version>((_, _) => Task.FromResult(new Version(1, 0)), Serializer);
        await Assert.ThrowsAsync<InvocationFailedException>(() => unwritable(Bytes("{}"), new TestContext(logger)));
        Assert.Equal("failed", (string?)Assert.Single(Lines())["outcome"]);
    }

    [Fact]
    public async Task Concurrent_invocations_do_not_mix_their_numbers()
    {
        await Task.WhenAll(Enumerable.Range(1, 20)
            .Select(number => Invoke(report => report.Count("received", number), storeCalls: number)));
        Assert.All(Lines(), line => Assert.Equal((int)line["received"]!, (int)line["store_calls"]!));
        Assert.Equal(20, Lines().Count);
    }

    private async Task Invoke(Action<InvocationReport> note, int status = 200, int storeCalls = 0, TimeSpan? remaining = null) =>
        await log.Observe(
        async (APIGatewayProxyRequest _, ILambdaContext _) =>
        {
            await Task.Yield();
            note(InvocationReport.Current!);
            await Task.WhenAll(Enumerable.Range(0, storeCalls).Select(_ => Store.Call(() => Task.FromResult(0))));
            return new APIGatewayProxyResponse { StatusCode = status };
        },
        Serializer)(Bytes("""{"body": "SECRET"}"""), new TestContext(logger) { RemainingTime = remaining ?? TimeSpan.FromSeconds(10) });

    private static MemoryStream Bytes(string json) => new(Encoding.UTF8.GetBytes(json));

    private string Text => Encoding.UTF8.GetString(output.ToArray());

    private List<JsonObject> Lines() =>
        [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())];

    private static bool IsNumber(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number;
}
