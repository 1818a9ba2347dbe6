using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.Integration.Reading;

/// <summary>Stack Insights, from a client's events to the answers for their owner.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class StacksTests(DynamoDbLocal dynamoDb)
{
    private const string Token = "ls-AbCdEfGh-0123";
    private const string Session = "880c3de5-a2e9-4077-a334-3426cdeefe24";

    [Fact]
    public async Task A_session_that_has_just_started_is_listed_with_zeros()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session, Token);

        var row = Assert.Single((await bench.Json("/stacks", Token))["rows"]!.AsArray());

        Assert.Equal(
            $$"""{"session":"{{Session}}","started_at":"2026-11-22T07:32:46.000Z","last_seen_at":"2026-11-22T07:32:46.000Z","duration_s":0,"calls":0,"succeeded":0,"failed":0,"services":[],"version":"2026.3.1","is_ci":false,"is_docker":true}""",
            row!.ToJsonString());
        var detail = await bench.Json($"/stacks/{Session}", Token);
        Assert.Equal(0, (int)detail["calls"]!);
        Assert.Empty(detail["timeline"]!.AsArray());
    }

    [Fact]
    public async Task A_session_with_calls_is_summed_up_and_its_parts_add_up_to_the_total()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session, Token);
        bench.Clock.Advance(TimeSpan.FromSeconds(20));
        await bench.SendEvents(
            InsightsBench.Call(Session, "2026-11-22 08:32:55.1", "s3", "PutObject", 200),
            InsightsBench.Call(Session, "2026-11-22 08:32:56.1", "s3", "PutObject", 200),
            InsightsBench.Call(Session, "2026-11-22 08:32:57.1", "sqs", "DeleteQueue", 400));
        bench.Clock.Advance(TimeSpan.FromMinutes(40));
        await bench.SendEvents(InsightsBench.Call(Session, "2026-11-22 09:12:55.1", "s3", "GetObject", 500));
        await bench.Count();

        var row = (await bench.Json("/stacks", Token))["rows"]![0]!;
        var detail = await bench.Json($"/stacks/{Session}", Token);

        Assert.Equal((4, 2, 2), ((int)row["calls"]!, (int)row["succeeded"]!, (int)row["failed"]!));
        Assert.Equal("""["s3","sqs"]""", row["services"]!.ToJsonString());
        Assert.Equal(2420, (int)row["duration_s"]!);
        Assert.Equal("2026-11-22T08:13:06.000Z", (string?)row["last_seen_at"]);
        foreach (var (name, value) in row.AsObject()) Assert.Equal(value!.ToJsonString(), detail[name]!.ToJsonString());
        Assert.Equal("""{"service":"s3","operation":"PutObject","status_code":200,"calls":2}""", detail["operations"]![0]!.ToJsonString());
        Assert.Equal(
            """[{"minute":"2026-11-22T07:33:00.000Z","calls":3,"failed":1},{"minute":"2026-11-22T08:13:00.000Z","calls":1,"failed":1}]""",
            detail["timeline"]!.ToJsonString());
        Assert.Equal(60, (int)detail["timeline_step_s"]!);
        Assert.Equal("""[{"region":"us-east-1","calls":4}]""", detail["regions"]!.ToJsonString());
        foreach (var part in new[] { "operations", "user_agents", "regions", "timeline" })
            Assert.Equal(4, detail[part]!.AsArray().Sum(r => (int)r!["calls"]!));
    }

    [Fact]
    public async Task Sessions_are_listed_newest_first_and_once_across_all_pages()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var started = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            // Pairs of sessions start in the same millisecond.
            bench.Clock.Advance(TimeSpan.FromMinutes(i % 2));
            started.Add($"{i:x8}-0000-4000-8000-000000000000");
            await bench.StartSession(started[i], Token);
        }

        var listed = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await bench.Json("/stacks?limit=3" + (cursor is null ? "" : "&cursor=" + cursor), Token);
            listed.AddRange(page["rows"]!.AsArray().Select(r => r!));
            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);

        Assert.Equal(started.Order(), listed.Select(r => (string)r["session"]!).Order());
        Assert.Equal(listed.Select(r => (string)r["started_at"]!).OrderDescending(), listed.Select(r => (string)r["started_at"]!));
        Assert.DoesNotContain("cursor", (await bench.Json("/stacks?limit=7", Token)).Select(m => m.Key));
    }

    [Fact]
    public async Task A_list_and_a_summary_of_a_million_calls_cost_at_most_five_reads_and_a_page_of_calls_one_query()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session, Token);
        await LargeSession.Fill(bench, Session, calls: 1_000_000, logItems: 300);

        bench.DynamoDb.Forget();
        var list = await bench.Json("/stacks", Token);
        Assert.Equal(2, bench.DynamoDb.Reads.Count);

        bench.DynamoDb.Forget();
        var detail = await bench.Json($"/stacks/{Session}", Token);
        Assert.InRange(bench.DynamoDb.Reads.Count, 1, 5);

        bench.DynamoDb.Forget();
        var events = await bench.Json($"/stacks/{Session}/events", Token);
        Assert.Single(bench.DynamoDb.Reads, read => read.StartsWith("Query", StringComparison.Ordinal));
        Assert.Equal(2, bench.DynamoDb.Reads.Count);

        Assert.Equal(1_000_000, (int)list["rows"]![0]!["calls"]!);
        Assert.Equal(1_000_000, (int)detail["calls"]!);
        Assert.Equal(200, detail["operations"]!.AsArray().Select(o => $"{o!["service"]} {o["operation"]}").Distinct().Count());
        foreach (var part in new[] { "operations", "user_agents", "regions", "timeline" })
            Assert.Equal(1_000_000, detail[part]!.AsArray().Sum(r => (int)r!["calls"]!));
        Assert.Equal((int)detail["failed"]!, detail["timeline"]!.AsArray().Sum(r => (int)r!["failed"]!));
        Assert.Equal(100, events["rows"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("/stacks?limit=0")]
    [InlineData("/stacks?limit=101")]
    [InlineData("/stacks?limit=ten")]
    [InlineData("/stacks?cursor=bm9uZQ")]
    [InlineData("/stacks?cursor=%25%00")]
    [InlineData($"/stacks/{Session}/events?status=9999")]
    [InlineData($"/stacks/{Session}/events?from=yesterday")]
    [InlineData($"/stacks/{Session}/events?order=random")]
    public async Task An_invalid_parameter_is_answered_with_400_and_its_name(string path)
    {
        var bench = await InsightsBench.Shared(dynamoDb);
        await bench.StartSession(Session, Token);

        var answer = await bench.Get(path, Token);

        Assert.Equal(400, answer.StatusCode);
        Assert.Contains(path.Split('?')[1].Split('=')[0], (string?)JsonNode.Parse(answer.Body!)!["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public async Task A_missing_or_invalid_token_is_answered_with_401(string? token)
    {
        var bench = await InsightsBench.Shared(dynamoDb);

        foreach (var path in new[] { "/stacks", $"/stacks/{Session}", $"/stacks/{Session}/events" })
            Assert.Equal(401, (await bench.Get(path, token)).StatusCode);
    }

    [Theory]
    [InlineData("880c3de5-a2e9-4077-a334-3426cdeefe25")]
    [InlineData("..%2F..%2Fpolicy")]
    [InlineData("%00")]
    [InlineData("%zz")]
    [InlineData("session%23x")]
    public async Task A_missing_session_is_answered_with_404(string session)
    {
        var bench = await InsightsBench.Shared(dynamoDb);
        await bench.StartSession(Session, Token);

        Assert.Equal(404, (await bench.Get("/stacks/" + session, Token)).StatusCode);
    }

    [Fact]
    public async Task A_percent_encoded_session_is_found()
    {
        var bench = await InsightsBench.Shared(dynamoDb);
        await bench.StartSession(Session, Token);

        Assert.Equal(200, (await bench.Get(
            "/stacks/" + Session.ToUpperInvariant().Replace("-", "%2D", StringComparison.Ordinal), Token)).StatusCode);
    }
}
