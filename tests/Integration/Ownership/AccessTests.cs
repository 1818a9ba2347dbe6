using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Tests.Integration.Ownership;

/// <summary>Unauthorised requests get the same answer at the same cost, whether the resource exists or not.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class AccessTests(QuickDynamoDb quick)
{
    private const string Mine = "ls-my-token";
    private const string Theirs = "ls-their-token";
    private const string Session = "11111111-0000-4000-8000-000000000001";

    public static TheoryData<string, string> TokenRoutes => new()
    {
        { "GET", "/tracking" }, { "PUT", "/tracking" }, { "GET", "/license/credits" },
        { "DELETE", "/stacks" }, { "DELETE", "/stacks/{session}" }, { "GET", "/stacks/erasures/{id}" },
    };

    [Theory]
    [MemberData(nameof(TokenRoutes))]
    public async Task A_missing_or_malformed_token_is_answered_with_401_without_asking_the_store(string method, string resource)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Session, Mine);
        var before = await Everything(bench);
        bench.Tap.Record();
        var answers = new List<APIGatewayProxyResponse>();
        foreach (var (scheme, token) in new[] { ("", null!), ("Bearer ", ""), ("Bearer ", "two words"), ("Bearer ", "töken"),
            ("Bearer ", new string('a', 257)), ("Basic ", Mine), ("", Mine) })
            answers.Add(await bench.Send(method, resource, token, method == "PUT" ? """{"track_events": false}""" : null, Session, scheme: scheme));
        Assert.All(answers, a => Assert.Equal(401, a.StatusCode));
        Assert.Single(answers.Select(a => a.Body).Distinct());
        Assert.Empty(bench.Tap.Calls);
        Assert.Equal(before, await Everything(bench));
    }

    [Fact]
    public async Task Activations_are_accepted_only_with_the_operator_key()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        const string body = $$$"""{"credentials":{"token":"{{{Mine}}}"}}""";
        var answers = new List<APIGatewayProxyResponse>();
        foreach (var token in new[] { null, "", Mine, Bench.OperatorKey + "x",
            Bench.OperatorKey[1..] }) answers.Add(await bench.Send("POST", "/license/activations", token, body));
        Assert.All(answers, a => Assert.Equal(401, a.StatusCode));
        Assert.Single(answers.Select(a => a.Body).Distinct());
        Assert.Empty(await bench.Scan("activations"));
        await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, body));
    }

    [Fact]
    public async Task Another_owners_session_is_answered_like_a_missing_one()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Session, Mine);
        var (there, callsThere) = await Ask(bench, "DELETE", "/stacks/{session}", Theirs, Session);
        var (missing, callsMissing) = await Ask(bench, "DELETE", "/stacks/{session}", Theirs, "22222222-0000-4000-8000-000000000002");
        Assert.Equal((404, missing.Body), (there.StatusCode, there.Body));
        Assert.Equal(404, missing.StatusCode);
        Assert.Equal(callsMissing, callsThere);
        Assert.Equal(404, (await bench.Send("DELETE", "/stacks/{session}", Mine, parameter: "no-uuid")).StatusCode);
        Assert.Equal(2, (int)(await bench.Json(bench.Calls(Session, 2, 1)))["stored"]!);
    }

    [Fact]
    public async Task Another_owners_deletion_is_answered_like_a_missing_one()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Session, Mine);
        var id = (string)(await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202))["id"]!;
        var (there, callsThere) = await Ask(bench, "GET", "/stacks/erasures/{id}", Theirs, id);
        var (missing, callsMissing) = await Ask(bench, "GET", "/stacks/erasures/{id}", Theirs, new string('0', 32));
        Assert.Equal((404, missing.Body), (there.StatusCode, there.Body));
        Assert.Equal(callsMissing, callsThere);
    }

    [Fact]
    public async Task An_unused_token_is_answered_like_one_without_data()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Session, Mine);
        Assert.Equal("""{"track_events":true}""", (await bench.Json(bench.Send("GET", "/tracking", Theirs))).ToJsonString());
        Assert.Equal("""{"month":"2026-11","total":0,"ci":0,"other":0,"days":[]}""", (await bench.Json(bench.Send("GET", "/license/credits", Theirs))).ToJsonString());
        Assert.Equal("done", (string)(await bench.Json(bench.Send("DELETE", "/stacks", Theirs)))["status"]!);
        Assert.Equal(2, (int)(await bench.Json(bench.Calls(Session, 2, 1)))["stored"]!);
    }

    [Fact]
    public async Task Only_the_operator_may_name_another_credential()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        var mine = new Dictionary<string, string> { ["credential"] = bench.Fingerprints.Credential(Mine) };
        var unknown = new Dictionary<string, string> { ["credential"] = new string('0', 32) };
        var refused = await bench.Send("GET", "/license/credits", Theirs, query: mine);
        Assert.Equal(401, refused.StatusCode);
        Assert.Equal(refused.Body, (await bench.Send("GET", "/license/credits", Theirs, query: unknown)).Body);
        await bench.Json(bench.Send("GET", "/license/credits", Bench.OperatorKey, query: mine));
        await bench.Json(bench.Send("GET", "/license/credits", Bench.OperatorKey), 400);
        await bench.Json(bench.Send("GET", "/license/credits", Bench.OperatorKey, query: new() { ["credential"] = "x" }), 400);
        foreach (var month in new[] { "2026", "2026-13", "2026-1", "2026-11-01", "x" })
            await bench.Json(bench.Send("GET", "/license/credits", Mine, query: new() { ["month"] = month }), 400);
    }

    private static async Task<(APIGatewayProxyResponse Answer, string Calls)> Ask(Bench bench, string method, string resource, string token,
        string parameter)
    {
        bench.Tap.Record();
        var answer = await bench.Send(method, resource, token, parameter: parameter);
        return (answer, string.Join(',', bench.Tap.Calls.Select(c => c.Operation)));
    }

    private static async Task<string> Everything(Bench bench) =>
        string.Concat((await bench.Scan("sessions")).Concat(await bench.Scan("counters")).Select(Bench.Text).Order(StringComparer.Ordinal));
}
