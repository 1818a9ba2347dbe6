using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>
/// Each function's role allows exactly what the function does. The test uses every route in every way that causes different calls, and
/// records the calls at DynamoDB.
/// </summary>
public sealed class RoleTests : IAsyncLifetime
{
    private const string Token = "ls-AbCdEfGh-0123";

    private const string Activation =
        """
            {"product":{"name":"localstack-pro","version":"2026.3.1"},"credentials":{"token":"ls-AbCdEfGh-0123"},"machine":{},"is_ci":true,
            "activation_id":"role-1"}
            """;

    private static readonly string[] ByNobody = [.. Template.FunctionIds.Where(function => Template.Events(function, "Schedule").Any())];

    private readonly RecordingProxy proxy = new();
    private RunningCollector collector = null!;

    public async Task InitializeAsync()
    {
        await proxy.Start();
        collector = await RunningCollector.Run(new RunningCollectorOptions
        {
            Arguments = ["--parameter", "ErasureSettleSeconds=2"],
            Proxy = dynamoDb =>
            {
                proxy.Target = dynamoDb;
                return proxy.Endpoint;
            },
        });
    }

    public async Task DisposeAsync()
    {
        await collector.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_role_allows_exactly_what_its_function_does()
    {
        RunningCollector.MustBeOfThisMachine();
        var used = await UseEveryRoute();
        var routes = Template.FunctionIds.SelectMany(id => Template.Events(id, "Api").Select(route => $"{route["Method"]} {route["Path"]}"))
            .ToHashSet();
        Assert.Equal(routes.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        // The stream functions run later, and the second round of a deletion even later.
        Assert.Empty(await Eventually.Get(() => Task.FromResult(Differences(ByNobody)), differences => differences.Count == 0));
        // The schedule runs when the host starts; at the first start there was nothing to roll up. Now a closed day loses its checkpoints.
        await collector.StopHost();
        await collector.DynamoDb.Client.PutItemAsync(TableName("CountersTable"), new()
        {
            ["metric"] = new("requests#" + TimeProvider.System.GetUtcNow().AddDays(-5)
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ["group"] = new("s3"),
            ["@0123456789abcdef"] = new("sealed"),
        });
        await collector.StartHost();
        Assert.Empty(await Eventually.Get(() => Task.FromResult(Differences()), differences => differences.Count == 0, seconds: 120));
    }

    /// <summary>Missing and unused permissions.</summary>
    private List<string> Differences(params IEnumerable<string> except) => [.. Template.FunctionIds.Except(except).SelectMany(function =>
    {
        var allowed = Lines(Allowed(function)).ToHashSet();
        var done = Lines(Done(function)).ToHashSet();
        return done.Except(allowed).Select(line => $"{function} lacks {line}")
            .Concat(allowed.Except(done).Select(line => $"{function} has {line} for nothing"));
    })];

    /// <summary>Uses the API so that each function makes all its calls to the tables. Returns the used routes.</summary>
    private async Task<HashSet<string>> UseEveryRoute()
    {
        var used = new HashSet<string>();
        var pro = Session(1);
        var community = Session(2);
        await Send("POST /session", SessionEvent(pro, "pro"));
        await Send("POST /session", SessionEvent(community, "community"));
        // Only the ledger records this session.
        await Send("POST /session", """{"name":"session","payload":{"session_id":"not one"}}""", HttpStatusCode.BadRequest);
        foreach (var route in new[] { "POST /events", "POST /requests" })
        {
            // A registered session, and an unknown one, for which an item with its status is written.
            await Send(route, Call(pro));
            await Send(route, Call(Session(route.Length)));
        }

        await Send("POST /cli", """{"name":"cli_cmd","payload":{"cmd":"localstack start","params":[]}}""");
        foreach (var session in new[] { community, Session(40) }) await Send("POST /features", Feature(session));
        await Send("POST /license/activations", Activation);
        // An activation without an id is compared with those of the last minute.
        await Send("POST /license/activations", Activation.Replace(",\"activation_id\":\"role-1\"", "", StringComparison.Ordinal));
        await Send("GET /license/credits", token: Token);
        await Send("PUT /tracking", """{"track_events": false}""", token: "ls-another");
        await Send("PUT /tracking", """{"track_events": true}""", token: "ls-another");
        await Send("GET /tracking", token: Token);
        await Send("GET /usage/requests");
        foreach (var route in new[]
        {
            "GET /usage/cli", "GET /usage/features", "GET /usage/ledger", "GET /usage/sessions", "GET /policy", "GET /health", "GET /summary",
        }) await Send(route);
        await Send("POST /policy/preview", Call(pro));
        // The page may or may not have been built.
        await Send("GET /", wanted: null);
        await Send("GET /assets/{proxy+}", wanted: HttpStatusCode.NotFound, values: ["nothing.js"]);
        // Wait until the calls are counted, because only then are there counters to delete.
        await Seen("GET /stacks", "\"services\":[\"s3\"]");
        await Seen("GET /stacks/{session}/events", "PutObject", pro);
        await Send("GET /stacks/{session}", token: Token, values: [pro]);
        foreach (var route in new[] { "GET /stacks/{session}/breakdown", "GET /stacks/{session}/comparison" })
            await Send(route, token: Token, values: [pro]);
        foreach (var route in new[] { "GET /stacks/overview", "GET /stacks/export" }) await Send(route, token: Token);
        // First one session, then all. The session whose deletion is not finished belongs to both requests.
        await Send("DELETE /stacks/{session}", token: Token, wanted: HttpStatusCode.Accepted, values: [pro]);
        var erasure = await Send("DELETE /stacks", token: Token, wanted: HttpStatusCode.Accepted);
        await Send("GET /stacks/erasures/{id}", token: Token, wanted: null, values: [(string)JsonNode.Parse(erasure)!["id"]!]);
        return used;

        // Repeats the request until the Aggregator has counted.
        Task Seen(string route, string text, params string[] values) =>
            Eventually.Get(() => Send(route, token: Token, values: values), answer => answer.Contains(text, StringComparison.Ordinal));

        async Task<string> Send(
            string route, string? body = null, HttpStatusCode? wanted = HttpStatusCode.OK, string token = "operator", string query = "",
                string[]? values = null)
        {
            used.Add(route);
            var path = route.Split(" /")[1];
            foreach (var value in values ?? []) path = path[..path.IndexOf('{', StringComparison.Ordinal)] + value
                + path[(path.IndexOf('}', StringComparison.Ordinal) + 1)..];
            using var request = new HttpRequestMessage(new HttpMethod(route.Split(' ')[0]), new Uri(collector.BaseAddress, path + query));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await collector.Client.SendAsync(request);
            var answer = await response.Content.ReadAsStringAsync();
            Assert.True(wanted is null || wanted == response.StatusCode, $"{route}: {(int)response.StatusCode} {answer}");
            return answer;
        }
    }

    // Either function may do any step of a deletion, so both must be allowed all steps. Only the worker looks for due deletions.
    private IEnumerable<StorageCall> Done(string function) => proxy.Calls
        .Where(call => call.Caller == function
            || (IsErasing(call.Caller) && IsErasing(function)
                && !call.Resource.EndsWith("/index/running-deletions", StringComparison.Ordinal)))
        .Select(call => call with { Caller = function }).Distinct();

    private static bool IsErasing(string function) => function is "ErasureFunction" or "EraserFunction";

    private static IEnumerable<StorageCall> Allowed(string function) =>
        from statement in Template.Statements(Template.RoleOf(function))
        from action in Template.Many(statement["Action"]).Select(action => (string)action!)
        where action.StartsWith("dynamodb:", StringComparison.Ordinal)
        from resource in Template.Many(statement["Resource"]).Select(Table).OfType<string>()
        select new StorageCall(function, action, resource);

    /// <summary>The table of a resource, or <c>table/index/name</c>; null for a stream, which Lambda reads for the function.</summary>
    private static string? Table(JsonNode resource)
    {
        if (resource["Fn::GetAtt"] is JsonArray { Count: 2 } attribute)
            return (string?)attribute[1] == "Arn" ? TableName((string)attribute[0]!) : null;
        // ${SessionsTable.Arn}/index/by-credential
        var text = (string)resource["Fn::Sub"]!;
        return TableName(text[2..text.IndexOf('.', StringComparison.Ordinal)]) + text[(text.IndexOf('}', StringComparison.Ordinal) + 1)..];
    }

    private static string TableName(string logicalId) =>
        ((string)Template.Properties(logicalId)["TableName"]!["Fn::Sub"]!).Replace("${AWS::StackName}", "usage", StringComparison.Ordinal);

    private static IEnumerable<string> Lines(IEnumerable<StorageCall> calls) =>
        calls.Select(call => $"{call.Action} {call.Resource}").Order(StringComparer.Ordinal);

    private static string Session(int number) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{number:D12}");

    private static string SessionEvent(string session, string edition) =>
        $$$"""
            {"name":"session","metadata":{"session_id":"{{{session}}}","client_time":"1795332766"},"payload":{"session_id":"{{{session}}}",
            "machine_id":"gen_0123456789ab","api_key":"ls-AbCdEfGh-0123","system":"Linux","version":"2026.3.1","is_ci":false,
            "is_docker":true,"is_testing":false,"edition":"{{{edition}}}"}}
            """;

    private static string Call(string session) =>
        $$$"""
            {"name":"aws_request","metadata":{"session_id":"{{{session}}}","client_time":"2026-11-22 07:32:46.104217"},
            "payload":{"service":"s3","operation":"PutObject","status_code":200,"is_internal":false,"region":"us-east-1",
            "account_id":"000000000000","user_agent":"aws-cli/1.25.52"}}
            """;

    private static string Feature(string session) =>
        $$$"""
            {"name":"run_init","metadata":{"session_id":"{{{session}}}","client_time":"2026-11-22 07:32:46.104203"},
            "payload":{"stage":"READY","scripts":2,"duration":153.2}}
            """;
}
