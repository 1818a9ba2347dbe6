using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>What the owner of a credential and the licensing backend can do with a running collector.</summary>
public sealed class OwnerTests(OwnerTests.QuickErasures running) : IClassFixture<OwnerTests.QuickErasures>
{
    private readonly RunningCollector collector = running.Collector!;

    [SkippableFact]
    public async Task With_events_disabled_only_activations_arrive()
    {
        var quiet = new RecordedClient(
            collector.Client, collector.BaseAddress, new Dictionary<string,
                string> { ["DISABLE_EVENTS"] = "1", ["LOCALSTACK_DISABLE_EVENTS"] = "1" });
        await quiet.RunLocalStack();
        await quiet.RunLstk();
        await Activate("ls-quiet", "quiet-1");
        var credits = await Eventually.Get(() => Json("GET", "license/credits", "ls-quiet"), c => (int)c["total"]! == 1);
        Assert.Equal((1, 1, 0), ((int)credits["total"]!, (int)credits["ci"]!, (int)credits["other"]!));
        Assert.Equal(0, quiet.Sent);
        Assert.DoesNotContain(Client.SessionId, await TableText.Of(collector.DynamoDb.Endpoint), StringComparison.Ordinal);

        // The same client without the variable sends everything.
        var plain = new RecordedClient(collector.Client, collector.BaseAddress, new Dictionary<string, string>());
        await plain.RunLocalStack();
        await plain.RunLstk();
        Assert.Equal(4, plain.Sent);
        await Eventually.Get(collector.Calls, calls => calls >= 9);
        Assert.Contains(Client.SessionId, await TableText.Of(collector.DynamoDb.Endpoint), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_activation_reported_twice_counts_once()
    {
        // The answer may report a duplicate: on a busy machine the SDK retries, and may find the item of its first attempt.
        Assert.Equal(1, (int)(await Activate("ls-twice", "twice-1"))["received"]!);
        Assert.Equal(1, (int)(await Activate("ls-twice", "twice-1"))["duplicates"]!);
        await Activate("ls-twice", "twice-2");
        var credits = await Eventually.Get(() => Json("GET", "license/credits", "ls-twice"), c => (int)c["total"]! == 2);
        Assert.Equal(2, (int)credits["total"]!);
    }

    [SkippableFact]
    public async Task Tracking_switched_off_by_the_owner_is_off_from_the_next_session_on()
    {
        Assert.False((bool)(await Json("PUT", "tracking", "ls-shy", """{"track_events": false}"""))["track_events"]!);
        Assert.False((bool)(await Json("GET", "tracking", "ls-shy"))["track_events"]!);
        Assert.False((bool)(await (await collector.Post("session", Session(Id(1), "ls-shy"))).Json())["track_events"]!);
        Assert.Equal("opted_out", (string)(await (await collector.Post("events", Call(Id(1)))).Json())["dropped"]![0]!["reason"]!);
        Assert.True((bool)(await Json("PUT", "tracking", "ls-shy", """{"track_events": true}"""))["track_events"]!);
        Assert.True((bool)(await (await collector.Post("session", Session(Id(2), "ls-shy"))).Json())["track_events"]!);
    }

    [SkippableFact]
    public async Task Deleted_data_is_gone_when_the_status_says_so_and_stays_gone()
    {
        await collector.Post("session", Session(Id(3), "ls-leaving"));
        await collector.Post("events", Call(Id(3)));
        await Eventually.Get(() =>
            TableText.Of(collector.DynamoDb.Endpoint), text => text.Contains("stack#" + Id(3), StringComparison.Ordinal));

        using var asked = await Send("DELETE", "stacks", "ls-leaving");
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var status = new Uri(asked.RequestMessage!.RequestUri!, asked.Headers.Location!);
        await collector.Post("events", Call(Id(3)));
        // The worker runs once per minute.
        var done = await Eventually.Get(
            () => Json("GET", status.ToString(), "ls-leaving"), s => (string)s["status"]! == "done", seconds: 120);
        Assert.Equal("done", (string)done["status"]!);
        Assert.DoesNotContain(Id(3), await TableText.Of(collector.DynamoDb.Endpoint), StringComparison.Ordinal);

        Assert.Equal("opted_out", (string)(await (await collector.Post("events", Call(Id(3)))).Json())["dropped"]![0]!["reason"]!);
        Assert.False((bool)(await (await collector.Post("session", Session(Id(3), "ls-leaving"))).Json())["track_events"]!);
        Assert.DoesNotContain(Id(3), await TableText.Of(collector.DynamoDb.Endpoint), StringComparison.Ordinal);
        using var elsewhere = await Send("GET", status.ToString(), "ls-another");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [SkippableTheory]
    [InlineData("POST", "license/activations")]
    [InlineData("GET", "license/credits")]
    [InlineData("GET", "tracking")]
    [InlineData("PUT", "tracking")]
    [InlineData("DELETE", "stacks")]
    [InlineData("DELETE", "stacks/11111111-0000-4000-8000-000000000001")]
    [InlineData("GET", "stacks/erasures/00000000000000000000000000000000")]
    public async Task Without_a_token_the_answer_is_401_in_problem_json(string method, string path)
    {
        foreach (var authorization in new[] { null, "Bearer", "Bearer ", "Basic bHMtbWU=", "Bearer two words" })
        {
            using var response = await Send(method, path, null, "{}", authorization);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        }
    }

    private Task<JsonObject> Activate(string token, string id) => Json(
        "POST", "license/activations", RunningCollector.OperatorKey,
        $$$"""
            {"product":{"name":"localstack-pro","version":"2026.3.1"},"credentials":{"token":"{{{token}}}"},"machine":{"hostname":"jane"},
            "is_ci":true,"activation_id":"{{{id}}}"}
            """);

    private async Task<JsonObject> Json(string method, string path, string token, string? body = null)
    {
        using var response = await Send(method, path, token, body);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode}");
        return (await response.Json()).AsObject();
    }

    private async Task<HttpResponseMessage> Send(string method, string path, string? token, string? body = null,
        string? authorization = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(collector.BaseAddress, path));
        if (body is not null && method is "POST" or "PUT") request.Content = new StringContent(body!, Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        else if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await collector.Client.SendAsync(request);
    }

    private static string Session(string id, string token) =>
        $$$"""
            {"name":"session","payload":{"session_id":"{{{id}}}","machine_id":"dkr_0123456789ab","api_key":"{{{token}}}","system":"Linux",
            "version":"2026.3.1","edition":"pro"}}
            """;

    private static string Call(string session) =>
        $$$"""
            {"events":[{"name":"aws_request","metadata":{"session_id":"{{{session}}}"},"payload":{"service":"s3","operation":"ListBuckets",
            "status_code":200}}]}
            """;

    private static string Id(int number) => $"33333333-0000-4000-8000-{number:000000000000}";

    /// <summary>A collector that finishes a deletion without the usual wait of 90 seconds.</summary>
    public sealed class QuickErasures : IAsyncLifetime
    {
        public RunningCollector? Collector { get; private set; }

        public async Task InitializeAsync() =>
            Collector = await RunningCollector.Run(new RunningCollectorOptions { Arguments = ["--parameter", "ErasureSettleSeconds=2"] });

        public async Task DisposeAsync()
        {
            if (Collector is not null) await Collector.DisposeAsync();
        }
    }
}
