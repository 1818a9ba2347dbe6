using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>docs/api.yaml is correct: its examples are sent to a running collector, and the real answers match the description.</summary>
public sealed class ApiDescriptionTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private static readonly ApiDescription Api = ApiDescription.Read();

    [Fact]
    public void Examples_fit_their_own_schemas()
    {
        var wrong = Api.Operations.SelectMany(operation => operation.Examples())
            .SelectMany(example => Api.Problems(example.Schema, example.Example).Select(problem => $"{example.Where}: {problem}")).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void A_value_that_does_not_fit_its_schema_is_found()
    {
        var schema = JsonNode.Parse("""{"$ref":"#/components/schemas/LedgerUsage"}""")!;
        const string Fits = """
            {"from":"2026-11-22","to":"2026-11-22","by":"day","rows":[],"total":{"received":1,"stored":1,"dropped":{},"stripped":{}}}
            """;
        Assert.Empty(Api.Problems(schema, JsonNode.Parse(Fits)));
        foreach (var (part, other) in new[] { ("by", "bye"), ("2026-11-22", "22 November"), (":1", ":-1"), ("[]", "[],\"extra\":1") })
            Assert.NotEmpty(Api.Problems(schema, JsonNode.Parse(Fits.Replace(part, other, StringComparison.Ordinal))));
    }

    [SkippableFact]
    public async Task Real_answers_match_their_description()
    {
        RunningCollector.MustBeOfThisMachine();
        var wrong = new List<string>();
        var reads = false;
        foreach (var operation in Api.Operations)
        {
            if (operation.Method is "get" && !reads)
            {
                // Waits until the sent events are counted, so that answers have rows.
                await Eventually.Get(collector.Calls, calls => calls > 0);
                await Eventually.Get(() => collector.Usage("cli"), usage => (long)usage["total"]!["invocations"]! > 1);
                await Eventually.Get(() => collector.Usage("features"), usage => (long)usage["total"]!["uses"]! > 1);
                reads = true;
            }

            // The id of a deletion is known only after a deletion; its answer is requested below.
            if (operation.Parameters("path").Any(parameter => parameter["example"] is null)) continue;
            foreach (var request in Requests(operation)) wrong.AddRange(await Answer(operation, request));
        }

        wrong.AddRange(await DeletionStatus());
        wrong.AddRange(await Asset());
        Agree(wrong);
    }

    [SkippableFact]
    public async Task Refusals_match_their_description()
    {
        RunningCollector.MustBeOfThisMachine();
        // A separate session, because the session of the examples may be deleted by now.
        const string Session = "5b0c6a86-0b0e-4d4e-9b7e-57a1d1f3c222";
        var register = Api.Operations.Single(o => o.Path == "/session");
        var example = register.Bodies[0].Value;
        var body = example.ToJsonString().Replace((string)example["payload"]!["session_id"]!, Session, StringComparison.Ordinal);
        var wrong = new List<string>(await Answer(register, new ApiRequest("", null, body)));
        foreach (var operation in Api.Operations)
        {
            // Uses the key with the most rights, so that the request is not refused because of the key.
            var token = Token(operation, (operation.Security.Count > 0 ? operation.Security[^1] : null));
            var firstBody = operation.Bodies.Count > 0 ? operation.Bodies[0].Value.ToJsonString() : null;
            var some = new ApiRequest("", token, firstBody) { PathValue = Session };
            if (operation.Security.Count > 0) wrong.AddRange(await Answer(operation, some with { Token = null }, 401));
            if (operation.Body is not null)
            {
                wrong.AddRange(await Answer(operation, some with { Body = "not json" }, 400));
                wrong.AddRange(await Answer(operation, some with { ContentType = "text/html" }, 415));
            }

            if (operation.Parameters("path").Count > 0) wrong.AddRange(await Answer(operation, some with { PathValue = "nothing" }, 404));
            foreach (var parameter in operation.Parameters("query").Where(IsChecked))
                wrong.AddRange(await Answer(operation, some with { Query = $"?{parameter["name"]}=nonsense" }, 400));
        }

        Agree(wrong);
    }

    private static void Agree(List<string> wrong) => Assert.True(
        wrong.Count == 0, "docs/api.yaml and the collector disagree; change whichever is wrong:\n" + string.Join('\n', wrong.Distinct()));

    /// <summary>
    /// The requests that the examples describe: each body; no parameters; all parameters with their examples; each value of a
    /// closed list; and CSV.
    /// </summary>
    private static IEnumerable<ApiRequest> Requests(ApiOperation operation)
    {
        var plain = new ApiRequest("", Token(operation), null);
        if (operation.Body is not null)
        {
            foreach (var (_, body) in operation.Bodies) yield return plain with { Body = body.ToJsonString() };
            yield break;
        }

        yield return plain;
        var parameters = operation.Parameters("query");
        var all = parameters.Where(parameter => parameter["example"] is not null)
            .Select(parameter => $"{parameter["name"]}={Uri.EscapeDataString(parameter["example"]!.ToString())}").ToList();
        if (all.Count > 0) yield return plain with { Query = "?" + string.Join('&', all) };
        foreach (var parameter in parameters)
        {
            foreach (var value in parameter["schema"]!["enum"] as JsonArray ?? [])
                yield return plain with { Query = $"?{parameter["name"]}={value}" };
        }

        if (operation.Response(200)?["content"]?["text/csv"] is not null) yield return plain with { Accept = "text/csv" };
    }

    // An invalid value is known only where the schema restricts the parameter.
    private static bool IsChecked(JsonNode parameter) =>
        (string?)parameter["schema"]!["type"] == "integer"
        || new[] { "enum", "format", "pattern" }.Any(rule => parameter["schema"]![rule] is not null);

    private async Task<IReadOnlyList<string>> DeletionStatus()
    {
        var operation = Api.Operations.Single(o => o.Path == "/stacks/erasures/{id}");
        using var deletion = await Send(Api.Operations.Single(o => o.Name == "DELETE /stacks"), new ApiRequest("", Token(operation), null));
        return await Answer(operation, new ApiRequest("", Token(operation), null) { PathValue = (string)(await deletion.Json())["id"]! });
    }

    private async Task<IReadOnlyList<string>> Asset()
    {
        var operation = Api.Operations.Single(o => o.Path == "/assets/{proxy}");
        var page = await collector.Client.GetStringAsync(collector.BaseAddress);
        var file = page.Split("assets/").Skip(1).Select(part => part.Split('"')[0]).First();
        return await Answer(operation, new ApiRequest("", null, null) { PathValue = file });
    }

    /// <summary>Sends a request and returns each difference between the answer and its description.</summary>
    /// <param name="status">The required status; null for any 2xx.</param>
    private async Task<IReadOnlyList<string>> Answer(ApiOperation operation, ApiRequest request, int? status = null)
    {
        using var response = await Send(operation, request);
        var name = $"{operation.Name}{request.Query}: {(int)response.StatusCode}";
        var text = await response.Content.ReadAsStringAsync();
        if (status is null ? !response.IsSuccessStatusCode : (int)response.StatusCode != status)
            return [$"{name} instead of {status?.ToString(CultureInfo.InvariantCulture) ?? "2xx"}: {text}"];
        if (operation.Response((int)response.StatusCode) is not { } described) return [$"{name} is not described: add it under responses"];

        var wrong = new List<string>();
        foreach (var (header, about) in described["headers"]?.AsObject() ?? [])
        {
            var sent = response.Headers.TryGetValues(header, out var values) ? string.Join(", ", values) : null;
            var schema = Api.Follow(about!)["schema"]!;
            if (sent is null) wrong.Add($"{name} has no header {header}");
            else wrong.AddRange(Api.Problems(schema, JsonValue.Create(sent)).Select(problem => $"{name}, header {header}: {problem}"));
        }

        var media = response.Content.Headers.ContentType?.MediaType ?? "";
        if (described["content"]?[media] is not { } content) wrong.Add($"{name} has the undescribed media type {media}");
        else if (media.EndsWith("json", StringComparison.Ordinal))
        {
            var problems = Api.Problems(content["schema"]!, JsonNode.Parse(text));
            wrong.AddRange(problems.Select(problem => $"{name}, {problem}. The answer: {text}"));
        }

        return wrong;
    }

    private async Task<HttpResponseMessage> Send(ApiOperation operation, ApiRequest request)
    {
        var path = operation.Path.TrimStart('/');
        foreach (var parameter in operation.Parameters("path"))
        {
            var value = request.PathValue ?? (string?)parameter["example"] ?? "none";
            path = path.Replace($"{{{parameter["name"]}}}", value, StringComparison.Ordinal);
        }

        var address = new Uri(collector.BaseAddress, path + request.Query);
        using var message = new HttpRequestMessage(new HttpMethod(operation.Method.ToUpperInvariant()), address);
        if (request.Token is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", request.Token);
        if (request.Accept is not null) message.Headers.Accept.ParseAdd(request.Accept);
        if (request.Body is not null)
        {
            message.Content = new StringContent(request.Body, Encoding.UTF8);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        }

        return await collector.Client.SendAsync(message);
    }

    // The auth token of the session in the examples.
    private static string? Token(ApiOperation operation) => Token(operation, (operation.Security.Count > 0 ? operation.Security[0] : null));

    private static string? Token(ApiOperation operation, string? scheme) => scheme switch
    {
        null => null,
        "operatorKey" => RunningCollector.OperatorKey,
        "authToken" => (string?)Api.Operations.Single(o => o.Path == "/session").Bodies[0].Value["payload"]!["api_key"],
        _ => throw new InvalidOperationException($"{operation.Name} has the security scheme {scheme}: add its token here."),
    };

    /// <summary>A request of an operation. <c>PathValue</c> replaces each path parameter; null uses the examples.</summary>
    private sealed record ApiRequest(string Query, string? Token, string? Body)
    {
        public string? PathValue { get; init; }

        public string? Accept { get; init; }

        public string ContentType { get; init; } = "application/json";
    }
}
