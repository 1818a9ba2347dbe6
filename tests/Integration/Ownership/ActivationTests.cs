using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.Integration.Ownership;

/// <summary>Licence activations, and the CI credits computed from their counts.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class ActivationTests(QuickDynamoDb quick)
{
    private const string Once = """{"received":1,"stored":1,"duplicates":0,"dropped":[]""";
    private const string Again = """{"received":1,"stored":0,"duplicates":1,"dropped":[]""";

    [Fact]
    public async Task Ten_thousand_activations_each_reported_up_to_three_times_are_counted_once()
    {
        const int activations = 10_000, credentials = 50, days = 8;
        // A DynamoDB Local for this test alone: with so much in its streams it is slow for all tests.
        await using var own = await OwnDynamoDb.Start();
        using var bench = await Bench.Create(own.DynamoDb);
        bench.Time.Advance(TimeSpan.FromDays(4));
        var random = new Random(5);
        var truth = new Dictionary<(int Credential, string Month), long>();
        for (var day = 0; day < days; day++)
        {
            var now = bench.Time.GetUtcNow();
            var month = now.ToString("yyyy-MM", CultureInfo.InvariantCulture);
            var reports = new List<(int Credential, int Id, bool Ci)>();
            for (var i = 0; i < activations / days; i++)
            {
                var id = (day * activations / days) + i;
                var credential = random.Next(credentials);
                truth[(credential, month)] = truth.GetValueOrDefault((credential, month)) + 1;
                var report = (credential, id, random.Next(3) == 0);
                for (var times = 1 + random.Next(3); times > 0; times--) reports.Add(report);
            }

            var order = reports.ToArray();
            random.Shuffle(order);
            await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (report, _) =>
                await Report(bench, Activation(Token(report.Credential), report.Ci, $"act-{report.Id}")));
            bench.Time.Advance(TimeSpan.FromDays(1));
            // Each batch is delivered once in part, once in whole, and then once more.
            await bench.Aggregate(batch => random.Next(2) == 0 ? [batch.Take(1 + random.Next(batch.Count)).ToList(), batch] : []);
        }

        await bench.Aggregate();
        Assert.Equal(activations, (await bench.Scan("activations")).Count);
        Assert.Equal(activations, truth.Values.Sum());
        foreach (var ((credential, month), expected) in truth)
        {
            var answer = await Credits(bench, Token(credential), month);
            Assert.Equal(expected, (long)answer["total"]!);
            Assert.Equal((long)answer["total"]!, (long)answer["ci"]! + (long)answer["other"]!);
            Assert.Equal((long)answer["ci"]!, answer["days"]!.AsArray().Sum(d => (long)d!["ci"]!));
            Assert.Equal((long)answer["other"]!, answer["days"]!.AsArray().Sum(d => (long)d!["other"]!));
            var asked = await bench.Json(bench.Send("GET", "/license/credits", Bench.OperatorKey, query: new()
            {
                ["month"] = month, ["credential"] = bench.Fingerprints.Credential(Token(credential)),
            }));
            Assert.Equal(answer.ToJsonString(), asked.ToJsonString());
        }
    }

    [Fact]
    public async Task A_stream_delivered_again_from_its_start_counts_no_activation_twice()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        for (var i =
            0; i < 40; i++) await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey,
            Activation("ls-token-1", i % 4 == 0, $"act-{i}")));
        await bench.Aggregate();
        await bench.Aggregate(pump: "from the start");
        var answer = await Credits(bench, "ls-token-1", "2026-11");
        Assert.Equal("""{"month":"2026-11","total":40,"ci":10,"other":30,"days":[{"day":"2026-11-22","ci":10,"other":30}]}""", answer.ToJsonString());
    }

    [Fact]
    public async Task Neither_host_nor_token_of_a_licence_request_is_kept_or_logged()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey,
            Activation("ls-secret-token", ci: true, "act-unseen")));
        await bench.Aggregate();
        var item = Assert.Single(await bench.Scan("activations"));
        Assert.Equal(
            ["activated_at", "credential", "expires_at", "is_ci", "policy", "receipt"], item.Keys.Order(StringComparer.Ordinal));
        var all = string.Concat((await bench.Scan("activations")).Concat(await bench.Scan("counters")).Select(Bench.Text))
            + string.Concat(bench.LogLines);
        foreach (var secret in new[] { "janes-laptop", "ls-secret-token", "act-unseen", "Linux-6.1" }) Assert.DoesNotContain(secret, all,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activations_are_kept_in_a_deployment_that_does_not_track()
    {
        using var bench = await Bench.Create(quick.DynamoDb, trackEvents: false);
        await bench.Json(bench.Send("PUT", "/tracking", "ls-token-1", """{"track_events": false}"""));
        await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, Activation("ls-token-1", ci: true, "act-1")));
        await bench.Aggregate();
        Assert.Equal(1, (long)(await Credits(bench, "ls-token-1", "2026-11"))["ci"]!);
    }

    [Fact]
    public async Task Without_an_id_every_report_counts_as_an_activation_and_the_answer_says_so()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        var body = Activation("ls-token-1", ci: true, null);
        // Twenty machines of one organisation start within a minute, and their backend sends the same report for each.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.Json(bench.Send("POST", "/license/activations",
        Bench.OperatorKey, body))));
        Assert.All(answers, answer => Assert.StartsWith(Once, answer.ToJsonString(), StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.False((bool)answer["idempotent"]!));
        await bench.Aggregate();
        await bench.Aggregate(pump: "from the start");
        Assert.Equal(20, (long)(await Credits(bench, "ls-token-1", "2026-11"))["ci"]!);
    }

    [Theory]
    [InlineData("\"act-1\"", "\"act-1\"")]
    [InlineData("17", "17")]
    [InlineData("17", "\"17\"")]
    [InlineData("0", "0")]
    [InlineData("9007199254740993", "9007199254740993")]
    public async Task An_id_makes_a_report_idempotent_and_may_be_a_number(string first, string again)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        string Body(string id) => $$"""{"credentials":{"token":"ls-token"},"activation_id":{{id}}}""";
        var answer = await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, Body(first)));
        Assert.StartsWith(Once, answer.ToJsonString(), StringComparison.Ordinal);
        Assert.False(answer.ContainsKey("idempotent"));
        answer = await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, Body(again)));
        Assert.StartsWith(Again, answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(await bench.Scan("activations"));
    }

    [Theory]
    [InlineData("ls-token\\n")]
    [InlineData("\\\"ls-token\\\"")]
    [InlineData(" ls-token\\r\\n")]
    public async Task Whitespace_and_quotes_around_a_token_are_ignored(string token)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, $$$"""{"credentials":{"token":"{{{token}}}"},"is_ci":true}"""));
        await bench.Aggregate();
        Assert.Equal(1, (long)(await Credits(bench, "ls-token", "2026-11"))["ci"]!);
        Assert.Equal(1, (long)(await Credits(bench, "\"ls-token\" ", "2026-11"))["ci"]!);
    }

    [Fact]
    public async Task With_an_id_a_report_a_month_later_is_still_the_same_activation()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, Activation("ls-token-1", ci: false, "act-1")));
        bench.Time.Advance(TimeSpan.FromDays(30));
        // The other content of the report does not matter either.
        var answer = await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey,
        Activation("ls-token-1", ci: true, "act-1")));
        Assert.StartsWith(Again, answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"product":{"name":"localstack-pro"}}""")]
    [InlineData("""{"credentials":{"token":""}}""")]
    [InlineData("""{"credentials":{"token":"two words"}}""")]
    [InlineData("""{"credentials":"ls-token"}""")]
    [InlineData("""{"credentials":{"token":"ls-token"},"activation_id":true}""")]
    [InlineData("""{"credentials":{"token":"ls-token"},"activation_id":{"id":17}}""")]
    [InlineData("""{"credentials":{"token":"ls-token"},"activation_id":"two words"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"credentials":{"token":"\ud800"}}""")]
    public async Task An_invalid_licence_request_is_refused_and_not_kept(string body)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, body), 400);
        Assert.Empty(await bench.Scan("activations"));
    }

    [Theory]
    [InlineData("""{"credentials":{"token":"ls-token"},"machine":{"hostname":"b\udcfcro"}}""")]
    [InlineData("""{"credentials":{"token":"ls-token"},"product":{"name":"\ud800"}}""")]
    [InlineData("""{"\ud800":1,"credentials":{"token":"ls-token"}}""")]
    [InlineData("""{"credentials":{"token":"ls-token","\udfff":1}}""")]
    public async Task Unreadable_text_does_not_cost_the_activation(string body)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        var answer = await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, body), 200);
        Assert.StartsWith(Once, answer.ToJsonString(), StringComparison.Ordinal);
    }

    // Repeats a report that a busy store refuses, as the backend would. The sender does not know whether the refused report was kept.
    private static async Task Report(Bench bench, string body)
    {
        var status = 503;
        for (var attempt = 0; status == 503 && attempt < 20; attempt++)
            status = (await bench.Send("POST", "/license/activations", Bench.OperatorKey, body)).StatusCode;
        Assert.Equal(200, status);
    }

    private static Task<JsonObject> Credits(Bench bench, string token, string month) =>
        bench.Json(bench.Send("GET", "/license/credits", token, query: new() { ["month"] = month }));

    private static string Token(int credential) => $"ls-token-{credential}";

    private static string Activation(string token, bool ci, string? id)
    {
        var body = new JsonObject
        {
            ["product"] = new JsonObject { ["name"] = "localstack-pro", ["version"] = "2026.3.1" },
            ["credentials"] = new JsonObject { ["token"] = token },
            ["machine"] = new JsonObject { ["hostname"] = "janes-laptop", ["platform"] = "Linux", ["platform_release"] = "Linux-6.1" },
            ["is_ci"] = ci,
        };
        if (id is not null) body["activation_id"] = id;
        return body.ToJsonString();
    }
}
