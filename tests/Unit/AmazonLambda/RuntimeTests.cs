using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.AmazonLambda;

public sealed class RuntimeTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<EventsContext> Serializer = new();

    [Fact]
    public async Task Events_are_answered_in_order()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, Echo());

        api.Enqueue("""{"path": "/one and a longer one"}""", "a");
        api.Enqueue("""{"path": "/two"}""", "b");

        var first = await api.ResultAsync();
        var second = await api.ResultAsync();
        Assert.Equal(("a", "response", """{"statusCode":200,"body":"/one and a longer one","isBase64Encoded":false}"""),
            (first.RequestId, first.Kind, first.Text));
        Assert.Equal(("b", "response", """{"statusCode":200,"body":"/two","isBase64Encoded":false}"""),
            (second.RequestId, second.Kind, second.Text));
        Assert.Equal("application/json", first.ContentType);
    }

    [Fact]
    public async Task The_path_of_the_endpoint_precedes_the_routes()
    {
        await using var api = await FakeRuntimeApi.StartAsync("/Ingest");
        await using var function = new RunningFunction(api, Echo());
        api.Enqueue("""{"path": "/"}""");
        Assert.Equal("response", (await api.ResultAsync()).Kind);
    }

    [Fact]
    public async Task A_handler_that_throws_is_reported_and_the_next_event_is_served()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, Handler((request, _) =>
            request.Path == "/bad" ? throw new OwnException("The store is unavailable.") : Answer("fine")));

        api.Enqueue("""{"path": "/bad"}""", "a");
        api.Enqueue("""{"path": "/good"}""", "b");

        var error = await api.ResultAsync();
        Assert.Equal(("a", "error", "OwnException"), (error.RequestId, error.Kind, error.ErrorType));
        Assert.Equal("""{"errorMessage":"The store is unavailable.","errorType":"OwnException","stackTrace":[]}""", error.Text);
        Assert.Equal(("b", "response"), ((await api.ResultAsync()) is var next ? (next.RequestId, next.Kind) : default));
    }

    [Theory]
    [InlineData("""{"path": ["ls-secret"]}""")]
    [InlineData("""{"ls-secret": ls-secret}""")]
    [InlineData("""{"headers": {"ls-secret": 1}}""")]
    [InlineData("")]
    public async Task An_unreadable_event_is_reported_as_an_error_that_does_not_quote_it(string body)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, Echo());

        api.Enqueue(body);

        var error = await api.ResultAsync();
        Assert.Equal(("error", "JsonSerializerException"), (error.Kind, error.ErrorType));
        Assert.Contains("APIGatewayProxyRequest", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Text + function.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_remaining_time_ends_at_the_deadline_of_the_event()
    {
        var now = DateTimeOffset.UnixEpoch.AddSeconds(1_795_332_766);
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(
            api, Handler((_, context) => Answer(context.RemainingTime.ToString("c"))), new FakeTimeProvider(now));

        api.Enqueue("{}", deadlineMs: now.ToUnixTimeMilliseconds() + 2_500);
        api.Enqueue("{}", deadlineMs: now.ToUnixTimeMilliseconds() - 1_000);
        api.Enqueue("{}");

        Assert.Equal("00:00:02.5000000", Body(await api.ResultAsync()));
        Assert.Equal("-00:00:01", Body(await api.ResultAsync()));
        Assert.Equal("00:15:00", Body(await api.ResultAsync()));
    }

    [Fact]
    public async Task The_context_names_the_invocation_and_the_function()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, Handler((_, c) =>
            Answer($"{c.AwsRequestId} {c.FunctionName} {c.MemoryLimitInMB} {c.InvokedFunctionArn}")));
        api.Enqueue("{}", "a");
        Assert.Equal("a test 256 arn:aws:lambda:us-east-1:000000000000:function:test", Body(await api.ResultAsync()));
    }

    [Fact]
    public async Task A_stream_handler_gets_the_bytes_unchanged_and_its_answer_is_sent_unchanged()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, LambdaBootstrapBuilder.Create(async (stream, _) =>
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            var text = await reader.ReadToEndAsync();
            return (Stream)new MemoryStream(Encoding.UTF8.GetBytes(text + text));
        }));

        var large = new string('x', 3_000_000);
        api.Enqueue(large, "a");
        api.Enqueue("é", "b");

        Assert.Equal(large + large, (await api.ResultAsync()).Text);
        Assert.Equal("éé", (await api.ResultAsync()).Text);
    }

    [Fact]
    public async Task An_initializer_that_throws_is_reported_with_its_message_and_ends_the_function()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(
            api, Echo().UseBootstrapHandler(() => throw new InvalidOperationException("EVENTS_TABLE is not set.")));

        var error = await api.ResultAsync();
        Assert.Equal(("init error", "InvalidOperationException"), (error.Kind, error.ErrorType));
        Assert.Equal("EVENTS_TABLE is not set.", (string?)JsonNode.Parse(error.Text)!["errorMessage"]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => function.Running);
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task An_initializer_that_returns_false_ends_the_function_before_any_event()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, Echo().UseBootstrapHandler(() => Task.FromResult(false)));
        await function.Running;
        Assert.Equal(0, api.Requests);
    }

    [Fact]
    public async Task When_the_endpoint_is_gone_the_function_ends_with_one_line()
    {
        var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, Echo());
        api.Enqueue("""{"path": "/"}""");
        await api.ResultAsync();
        var endpoint = api.Endpoint;
        await api.DisposeAsync();

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => function.Running.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal($"The Lambda Runtime API at {endpoint} does not answer; the function ends.", e.Message);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task An_endpoint_that_refuses_an_event_is_not_asked_again(HttpStatusCode status)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        api.NextStatus = status;
        await using var function = new RunningFunction(api, Echo());

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => function.Running);
        Assert.Contains($"answered {(int)status}", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task A_response_that_is_too_long_becomes_an_error()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        api.ResponseStatus = HttpStatusCode.RequestEntityTooLarge;
        await using var function = new RunningFunction(api, Echo());
        api.Enqueue("""{"path": "/"}""", "a");

        Assert.Equal("response", (await api.ResultAsync()).Kind);
        var error = await api.ResultAsync();
        Assert.Equal(("a", "error", "Function.ResponseSizeTooLarge"), (error.RequestId, error.Kind, error.ErrorType));
    }

    [Fact]
    public async Task A_late_response_does_not_end_the_function()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        api.ResponseStatus = HttpStatusCode.BadRequest;
        await using var function = new RunningFunction(api, Echo());
        api.Enqueue("""{"path": "/"}""", "a");
        api.Enqueue("""{"path": "/"}""", "b");

        Assert.Equal("a", (await api.ResultAsync()).RequestId);
        Assert.Equal("b", (await api.ResultAsync()).RequestId);
        Assert.Equal("Lambda did not take the result: 400.", (string?)function.Log[0]["message"]);
    }

    [Fact]
    public async Task Cancellation_while_waiting_ends_the_function_without_an_error()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, Echo());
        function.Stop();
        await function.Running;
        Assert.Empty(function.Log);
    }

    [Fact]
    public async Task Cancellation_while_a_handler_runs_ends_the_function_after_its_answer()
    {
        var entered = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var function = new RunningFunction(api, LambdaBootstrapBuilder.Create(async (_, _) =>
        {
            entered.SetResult();
            await go.Task;
            return Stream.Null;
        }));

        api.Enqueue("{}");
        await entered.Task;
        function.Stop();
        go.SetResult();

        await function.Running;
        Assert.Equal("response", (await api.ResultAsync()).Kind);
    }

    private static LambdaBootstrapBuilder Echo() => Handler((request, _) => Answer(request.Path));

    private static LambdaBootstrapBuilder Handler(Func<APIGatewayProxyRequest, ILambdaContext, APIGatewayProxyResponse> handler) =>
        LambdaBootstrapBuilder.Create((input, context) =>
        {
            var output = new MemoryStream();
            Serializer.Serialize(handler(Serializer.Deserialize<APIGatewayProxyRequest>(input), context), output);
            output.Position = 0;
            return Task.FromResult<Stream>(output);
        });

    private static APIGatewayProxyResponse Answer(string? body) => new() { StatusCode = 200, Body = body };

    private static string? Body(FakeRuntimeApi.Result result) => (string?)JsonNode.Parse(result.Text)!["body"];

    private sealed class OwnException(string message) : Exception(message);
}
