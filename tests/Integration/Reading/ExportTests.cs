using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;

namespace Collector.Tests.Integration.Reading;

/// <summary>The export contains everything that is stored under a token, and nothing of other tokens.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class ExportTests(DynamoDbLocal dynamoDb)
{
    private const string Token = "ls-AbCdEfGh-0123";

    [Fact]
    public async Task An_export_has_every_session_with_its_item_counters_and_calls_and_nothing_of_another_token()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        for (var i = 1; i <= 30; i++)
        {
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
            await bench.StartSession(Session(i), i % 3 == 0 ? "ls-another" : Token);
            await bench.SendEvents(InsightsBench.Call(Session(i), "2026-11-22 08:32:55.1", "sqs", "DeleteQueue", 400,
                "The specified queue does not exist for this wsdl version."));
        }

        await bench.Count();
        await bench.Write(bench.CountersTableName.Replace("-counters", "-activations", StringComparison.Ordinal),
            [Activation(Token), Activation("ls-another")]);

        var pages = await Pages(bench, Token);

        var first = pages[0];
        Assert.True((bool)first["track_events"]!);
        Assert.Equal(InsightsBench.Fingerprint(Token), (string)Assert.Single(first["activations"]!.AsArray())!["credential"]!);
        var sessions = pages.SelectMany(page => page["sessions"]!.AsArray()).ToList();
        Assert.Equal(Enumerable.Range(1, 30).Where(i => i % 3 > 0).Reverse().Select(Session),
            sessions.Select(s => (string)s!["session_id"]!));
        Assert.All(sessions, session =>
        {
            Assert.Equal(InsightsBench.Fingerprint(Token), (string)session!["item"]!["credential"]!);
            Assert.Equal("Linux", (string)session["item"]!["system"]!);
            Assert.Equal("DeleteQueue", (string)Assert.Single(session["calls"]!.AsArray())!["operation"]!);
            Assert.Contains(session["counters"]!.AsArray(), counter => (string)counter!["group"]! == "total"
                && (int)counter["numbers"]!["calls"]! == 1);
        });
        var everything = string.Join('\n', pages.Select(page => page.ToJsonString()));
        Assert.DoesNotContain(InsightsBench.Fingerprint("ls-another"), everything, StringComparison.Ordinal);
        for (var i = 3; i <= 30; i += 3) Assert.DoesNotContain(Session(i), everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_with_many_calls_spans_pages_that_miss_and_repeat_nothing()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        foreach (var i in new[] { 1, 2, 3 })
        {
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
            await bench.StartSession(Session(i), Token);
        }

        await LargeSession.Fill(bench, Session(2), calls: 24_000, logItems: 400);
        var pages = await Pages(bench, Token);

        Assert.InRange(pages.Count, 3, 30);
        Assert.All(pages, page => Assert.InRange(Encoding.UTF8.GetByteCount(page.ToJsonString()), 0, 2_500_000));
        var sessions = pages.SelectMany(page => page["sessions"]!.AsArray()).ToList();
        Assert.Equal(24_000, sessions.Where(s => (string)s!["session_id"]! == Session(2)).Sum(s => s!["calls"]!.AsArray().Count));
        Assert.Single(sessions, s => (string)s!["session_id"]! == Session(2) && s["item"] is not null);
        Assert.Equal([Session(3), Session(2), Session(1)], sessions.Select(s => (string)s!["session_id"]!).Distinct());
    }

    [Fact]
    public async Task An_export_needs_a_token_and_its_own_cursor()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session(1), Token);
        await LargeSession.Fill(bench, Session(1), calls: 6_000, logItems: 150);
        var cursor = (string)(await bench.Json("/stacks/export", Token))["cursor"]!;
        Assert.NotNull(cursor);
        Assert.Equal(400, (await bench.Get("/stacks/export?cursor=" + cursor, "ls-another")).StatusCode);
        Assert.Equal(401, (await bench.Get("/stacks/export", null)).StatusCode);
        Assert.Empty((await bench.Json("/stacks/export", "ls-nobody"))["sessions"]!.AsArray());
    }

    private static async Task<List<JsonObject>> Pages(InsightsBench bench, string token)
    {
        var pages = new List<JsonObject> { await bench.Json("/stacks/export", token) };
        while ((string?)pages[^1]["cursor"] is { } cursor) pages.Add(await bench.Json("/stacks/export?cursor=" + cursor, token));
        return pages;
    }

    private static Dictionary<string, AttributeValue> Activation(string token) => new()
    {
        ["credential"] = new() { S = InsightsBench.Fingerprint(token) }, ["receipt"] = new() { S = "id#1" },
        ["activated_at"] = new() { N = "1795332766000" },
        ["is_ci"] = new() { BOOL = true }, ["policy"] = new() { B = new MemoryStream([1, 2]) },
    };

    private static string Session(int number) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{number:d12}");
}
