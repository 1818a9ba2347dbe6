using System.Net;
using System.Text;
using System.Text.Json;

namespace Collector.Tests.EndToEnd.Local;

/// <summary>The local host's API Gateway, over real HTTP and with real processes.</summary>
public sealed class GatewayTests(StubHost stub) : IClassFixture<StubHost>
{
    private readonly HttpClient client = stub.Host.Client;

    [SkippableTheory]
    [InlineData("GET", "nothing")]
    [InlineData("GET", "items/1/")]
    [InlineData("GET", "items/")]
    [InlineData("GET", "rest")]
    [InlineData("GET", "echo")]
    [InlineData("OPTIONS", "pid")]
    [InlineData("POST", "pid")]
    public async Task A_missing_route_or_method_is_answered_with_403(string method, string path)
    {
        using var response = await Send(method, path);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("""{"message":"Missing Authentication Token"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("MissingAuthenticationTokenException", Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [SkippableTheory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("collector.test", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public async Task Only_requests_for_this_machines_names_and_configured_names_are_served(string name, bool served)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stub.Host.BaseAddress, "items/1"));
        request.Headers.Host = $"{name}:{stub.Host.Port}";
        using var response = await client.SendAsync(request);
        if (served)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return;
        }

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("--host-name", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task HEAD_of_a_route_with_only_GET_is_answered_with_403()
    {
        using var response = await Send("HEAD", "pid");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [SkippableFact]
    public async Task A_path_outside_the_stage_is_answered_with_403()
    {
        using var response = await Send("GET", "/v12/pid");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [SkippableTheory]
    [InlineData("malformed")]
    [InlineData("throw")]
    [InlineData("die")]
    [InlineData("hang")]
    public async Task Every_failure_of_a_function_is_answered_with_502(string path)
    {
        using var response = await Send("GET", path);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("""{"message": "Internal server error"}""", await response.Content.ReadAsStringAsync());
    }

    [SkippableTheory]
    [InlineData(10 * 1024 * 1024 + 1)]
    [InlineData(6 * 1024 * 1024)]
    public async Task A_body_over_a_limit_is_answered_with_413(int bytes)
    {
        using var response = await client.PostAsync("echo", new ByteArrayContent(new byte[bytes]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("""{"message":"Request Too Long"}""", await response.Content.ReadAsStringAsync());
    }

    [SkippableFact]
    public async Task A_body_reaches_the_function_as_base64_of_its_unchanged_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var request = await Echo(HttpMethod.Post, "echo", new ByteArrayContent(bytes));
        Assert.True(request.GetProperty("isBase64Encoded").GetBoolean());
        Assert.Equal(bytes, request.GetProperty("body").GetBytesFromBase64());
    }

    [SkippableFact]
    public async Task A_request_without_a_body_has_a_null_body()
    {
        var request = await Echo(HttpMethod.Get, "items/1");
        Assert.Equal(JsonValueKind.Null, request.GetProperty("body").ValueKind);
        Assert.False(request.GetProperty("isBase64Encoded").GetBoolean());
    }

    [SkippableFact]
    public async Task Path_parameters_stay_encoded_and_query_values_are_decoded()
    {
        var request = await Echo(HttpMethod.Get, "items/a%20b%2Fc?q=1&q=%C3%A9&empty=");
        Assert.Equal("a%20b%2Fc", request.GetProperty("pathParameters").GetProperty("id").GetString());
        Assert.Equal("/items/{id}", request.GetProperty("resource").GetString());
        Assert.Equal("/items/a%20b%2Fc", request.GetProperty("path").GetString());
        Assert.Equal("é", request.GetProperty("queryStringParameters").GetProperty("q").GetString());
        Assert.Equal("", request.GetProperty("queryStringParameters").GetProperty("empty").GetString());
        Assert.Equal(["1", "é"], request.GetProperty("multiValueQueryStringParameters").GetProperty("q").EnumerateArray()
            .Select(value => value.GetString()));
        Assert.Equal("/v1/items/a%20b%2Fc", request.GetProperty("requestContext").GetProperty("path").GetString());
    }

    [SkippableFact]
    public async Task Missing_parts_of_a_request_are_null()
    {
        var request = await Echo(HttpMethod.Post, "echo");
        foreach (var name in (string[])["queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables"])
            Assert.Equal(JsonValueKind.Null, request.GetProperty(name).ValueKind);
    }

    [SkippableFact]
    public async Task A_greedy_path_matches_the_rest_and_ANY_matches_every_method()
    {
        var request = await Echo(HttpMethod.Delete, "rest/a/b/c");
        Assert.Equal("a/b/c", request.GetProperty("pathParameters").GetProperty("proxy").GetString());
        Assert.Equal("DELETE", request.GetProperty("httpMethod").GetString());
    }

    [SkippableFact]
    public async Task Headers_are_passed_on_and_X_Forwarded_For_is_added()
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "echo");
        message.Headers.TryAddWithoutValidation("X-Own", ["a", "b"]);
        using var response = await client.SendAsync(message);
        var request = (await Json(response)).GetProperty("multiValueHeaders");
        Assert.Contains(request.EnumerateObject(), header => header.Name == "X-Own");
        Assert.Contains(request.EnumerateObject(), header => header.Name == "X-Forwarded-For");
    }

    [SkippableFact]
    public async Task An_answer_has_its_headers_and_the_gateways_ids()
    {
        using var response = await client.PostAsync("echo", null);
        Assert.Equal(["a", "b"], response.Headers.GetValues("X-Many"));
        Assert.Equal("one", Assert.Single(response.Headers.GetValues("X-Stub")));
        Assert.Equal("Bearer", Assert.Single(response.Headers.GetValues("x-amzn-Remapped-WWW-Authenticate")));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        foreach (var name in (string[])["x-amzn-RequestId", "x-amz-apigw-id", "X-Amzn-Trace-Id", "Date"])
            Assert.Single(response.Headers.GetValues(name));
    }

    [SkippableFact]
    public async Task More_requests_than_processes_wait_for_their_turn()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.GetStringAsync(new Uri("slow", UriKind.Relative))));
        Assert.InRange(answers.Distinct().Count(), 1, 2);
    }

    [SkippableFact]
    public async Task Requests_to_a_function_that_stays_busy_are_answered_with_429()
    {
        using var busy = new CancellationTokenSource();
        var first = Enumerable.Range(0, 30).Select(_ => Status(client.GetAsync(new Uri("hang", UriKind.Relative), busy.Token))).ToArray();
        // Two processes with one second per request: the last requests wait longer than the queue allows.
        var statuses = await Task.WhenAll(first);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Contains(HttpStatusCode.BadGateway, statuses);
    }

    [SkippableFact]
    public async Task A_killed_process_fails_its_request_and_the_next_request_is_served()
    {
        var pid = (await client.GetStringAsync(new Uri("slow", UriKind.Relative)));
        var pending = client.GetAsync(new Uri("slow", UriKind.Relative));
        RunningCollector.Kill(int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture));
        using var lost = await pending;
        Assert.Contains(lost.StatusCode, new[] { HttpStatusCode.BadGateway, HttpStatusCode.OK });
        using var next = await client.GetAsync(new Uri("slow", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.NotEqual(pid, await next.Content.ReadAsStringAsync());
    }

    [SkippableFact]
    public async Task A_function_has_its_own_variables_and_none_of_the_host()
    {
        var lines = (await client.GetStringAsync(new Uri("environment", UriKind.Relative))).Split('\n');
        Assert.Contains("TABLE=usage-things", lines);
        Assert.Contains("_HANDLER=Environment", lines);
        Assert.Contains("AWS_LAMBDA_FUNCTION_NAME=usage-Environment", lines);
        Assert.Contains("AWS_ACCESS_KEY_ID=Environment", lines);
        Assert.Contains(lines, line => line.StartsWith("AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Matches("^[A-Za-z0-9]{40}$",
            Assert.Single(lines, line => line.StartsWith("SECRET=", StringComparison.Ordinal))["SECRET=".Length..]);
        Assert.DoesNotContain(lines, line =>
            line.StartsWith("OPERATOR_KEY=", StringComparison.Ordinal) || line.StartsWith("DOTNET_CLI", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_hosts_output_contains_only_the_route_of_a_request()
    {
        using var response = await client.PostAsync("echo?token=marker-in-query", new StringContent("marker-in-body"));
        await client.GetStringAsync(new Uri("items/marker-in-path", UriKind.Relative));
        await stub.Host.WaitForLine(line => line.StartsWith("GET /v1/items/{id} 200 ", StringComparison.Ordinal));
        Assert.DoesNotContain(stub.Host.Output, line =>
            line.Contains("marker", StringComparison.Ordinal) || line.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> Status(Task<HttpResponseMessage> response)
    {
        using var finished = await response;
        return finished.StatusCode;
    }

    private async Task<HttpResponseMessage> Send(string method, string path) =>
        await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

    private async Task<JsonElement> Echo(HttpMethod method, string path, HttpContent? content = null)
    {
        using var message = new HttpRequestMessage(method, path) { Content = content };
        using var response = await client.SendAsync(message);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await Json(response);
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync())).RootElement;
}
