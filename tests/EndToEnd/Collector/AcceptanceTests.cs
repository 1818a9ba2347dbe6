using System.Net;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>
/// The requirements for every collector. Each count is compared with its earlier value, so the collector may hold data and have other
/// traffic. With COLLECTOR_URL and OPERATOR_KEY, this is the acceptance test of a deployment.
/// </summary>
public sealed class AcceptanceTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private readonly string session = new Guid(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)).ToString("D");

    [SkippableFact]
    public async Task A_session_and_its_batch_are_accepted_and_counted_once_and_the_ledger_balances()
    {
        var calls = await collector.Calls();
        var invocations = (long)(await collector.Usage("cli"))["total"]!["invocations"]!;
        var ledger = await Ledger();

        using var registered = await collector.Post("session", Fresh("session.json"));
        Assert.Equal((HttpStatusCode.OK, """{"track_events":true}"""),
            (registered.StatusCode, await registered.Content.ReadAsStringAsync()));
        var batch = Fresh("runtime-batch.json");
        var answer = await (await collector.Post("events", batch)).Json();
        Assert.Equal((3, 3, 0), ((int)answer["received"]!, (int)answer["stored"]!, answer["dropped"]!.AsArray().Count));
        var repeated = await (await collector.Post("events", batch)).Json();
        Assert.Equal((3, 0, 3), ((int)repeated["received"]!, (int)repeated["stored"]!, (int)repeated["duplicates"]!));
        var cli = $$$"""
            {"events":[{"name":"cli_cmd","metadata":{"session_id":"{{{session}}}"},"payload":{"cmd":"localstack config validate",
            "params":["file"]}},{"name":"config","payload":{}}]}
            """;
        var mixed = await (await collector.Post("events", cli)).Json();
        Assert.Equal((2, 1, 1), ((int)mixed["received"]!, (int)mixed["stored"]!, mixed["dropped"]!.AsArray().Count));

        // Eight aggregated calls, one single call (the example of protocol.md), and one invocation.
        Assert.True(await Eventually.Get(collector.Calls, now => now >= calls + 9, seconds: 120) >= calls + 9);
        Assert.True(await Eventually.Get(Invocations, now => now > invocations, seconds: 120) > invocations);
        var after = await Eventually.Get(Ledger, now => (long)now["received"]! >= (long)ledger["received"]! + 6, seconds: 120);
        Assert.True((long)after["received"]! >= (long)ledger["received"]! + 6);
        Assert.Equal((long)after["received"]!, (long)after["stored"]! + after["dropped"]!.AsObject().Sum(reason => (long)reason.Value!));
    }

    [SkippableTheory]
    [InlineData("GET", "nothing", 404)]
    [InlineData("DELETE", "events", 404)]
    [InlineData("GET", "usage/requests", 401)]
    [InlineData("GET", "stacks", 401)]
    [InlineData("POST", "license/activations", 401)]
    public async Task A_refused_request_is_answered_with_a_problem(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(collector.BaseAddress, path));
        using var response = await collector.Client.SendAsync(request);
        if (status == 404 && RunningCollector.IsOnLocalStack)
        {
            // LocalStack does not support gateway responses: API Gateway's own answers are unchanged there.
            Assert.Equal(403, (int)response.StatusCode);
            Assert.Equal("Missing Authentication Token", (string?)(await response.Json())["message"]);
            return;
        }

        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(status, (int)(await response.Json())["status"]!);
    }

    [SkippableTheory]
    [InlineData("policy", "application/json")]
    [InlineData("usage/ledger", "application/json")]
    [InlineData("", "text/html")]
    public async Task Public_routes_need_no_token(string path, string mediaType)
    {
        using var response = await collector.Client.GetAsync(new Uri(collector.BaseAddress, path));
        Assert.Equal((HttpStatusCode.OK, mediaType), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    private async Task<long> Invocations() => (long)(await collector.Usage("cli"))["total"]!["invocations"]!;

    private async Task<JsonNode> Ledger() => (await collector.Usage("ledger"))["total"]!;

    // The recorded bytes with a new session id, so that a collector that received them before does not treat them as duplicates.
    private byte[] Fresh(string file) => System.Text.Encoding.UTF8.GetBytes(
        System.Text.Encoding.UTF8.GetString(Client.Corpus(file)).Replace(Client.SessionId, session, StringComparison.Ordinal));
}
