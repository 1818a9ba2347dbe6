using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Collector.Tests.EndToEnd.Collector;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>
/// The page of a running collector: the API answers with the clients' data, and the page shows the API's answers.
/// </summary>
[Collection("page")]
public sealed class CollectorTests(Browser browser, RunningCollector collector) : IClassFixture<RunningCollector>, IAsyncLifetime
{
    private const string Token = "ls-page-0123", Session = "1d0c3de5-a2e9-4077-a334-3426cdeefe01";

    private const int Calls = 24;

    public async Task InitializeAsync()
    {
        using (var registered = await collector.Post("session", $$$"""
            {"name":"session","metadata":{"session_id":"{{{Session}}}","client_time":"1795332766"},"payload":{"session_id":"{{{Session}}}",
             "machine_id":"dkr_0123456789ab","api_key":"{{{Token}}}","system":"Linux","version":"2026.3.1","is_ci":false,"is_docker":true,"is_testing":false,"product":"aws","edition":"pro"}}
            """)) registered.EnsureSuccessStatusCode();
        // The same bytes for each test: the collector counts them once.
        foreach (var batch in Enumerable.Range(0, Calls).Chunk(20))
        {
            using var sent = await collector.Post("events", $$"""{"events":[{{string.Join(',', batch.Select(Call))}}]}""");
            sent.EnsureSuccessStatusCode();
        }

        using (var agg = await collector.Post("events", """
            {"events":[{"name":"aws_request_agg","metadata":{"session_id":"2d0c3de5-a2e9-4077-a334-3426cdeefe02","client_time":"2026-11-22 07:32:46.103769"},
              "payload":{"period_start_time":"2026-11-22T07:32:46.103695Z","period_end_time":"2026-11-22T07:32:46.103754Z","api_calls":[
                {"service":"s3","operation":"PutObject","status_code":200,"count":1500},{"service":"sqs","operation":"DeleteQueue","status_code":400,"count":30}]}},
             {"name":"cli_cmd","metadata":{"client_time":"2026-11-22 07:32:48.677536"},"payload":{"cmd":"localstack config validate","params":["file"]}},
             {"name":"run_init","metadata":{"client_time":"2026-11-22 07:32:46.104203"},"payload":{"stage":"READY","scripts":2,"duration":153.2}},
             {"name":"config","metadata":{"client_time":"2026-11-22 07:32:46.104203"},"payload":{"env_vars":{"DEBUG":"1"}}}]}
            """)) agg.EnsureSuccessStatusCode();
        // Each of them is counted by a separate write; a session's row in the list and its summary need two.
        await Counted(() => Get("stacks", Token), s => (long?)s["rows"]![0]!["calls"] == Calls);
        await Counted(() => Get($"stacks/{Session}", Token), s => (long?)s["calls"] == Calls);
        await Counted(() => collector.Usage("requests"), u => (long)u["total"]!["calls"]! >= Calls + 1530);
        await Counted(() => collector.Usage("cli"), u => (long)u["total"]!["invocations"]! >= 1);
        await Counted(() => collector.Usage("features"), u => (long)u["total"]!["uses"]! >= 1);
        await Counted(() => collector.Usage("sessions"), u => (long)u["total"]!["sessions"]! >= 1);
        await Counted(() => collector.Usage("ledger"), l => (long)l["total"]!["stored"]! >= Calls + 3
            && (long?)l["total"]!["dropped"]!["not_collected"] >= 1);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_stack_shows_the_numbers_of_the_api()
    {
        var stack = await Get($"stacks/{Session}", Token);
        await using var page = await browser.Open("stacks", Token, stage: collector.BaseAddress);
        await page.Settled();
        var row = Assert.Single(await page.Rows("Your stacks, newest first"));
        Assert.Equal([Text(stack["calls"]), Text(stack["failed"])], row.Skip(2).Take(2));
        await page.Table("Your stacks, newest first").Locator("a").ClickAsync();
        await page.Settled();
        await page.Unfold();
        Assert.Equal((long)stack["calls"]!, await page.Sum("Calls by service", "Calls"));
        Assert.Equal((long)stack["failed"]!, await page.Sum("Errors by operation, status, type and message", "Failed"));
        // A user agent is shown shortened; its label has the full text.
        Assert.Equal(
            stack["user_agents"]!.AsArray().Select(u => (string)u!["user_agent"]!),
            await page.Table("Calls by user agent").Locator(".agent")
                .EvaluateAllAsync<string[]>("all => all.map(agent => agent.getAttribute('aria-label'))"));
        Assert.Equal(stack["regions"]!.AsArray().Select(r => (string)r!["region"]!), (await page.Rows("Calls by region"))
            .Select(r => r[0]));
        Assert.Equal(Calls, (await page.Rows("Calls, newest first")).Count);
        await page.Tab.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("Failed");
        await page.Settled();
        Assert.Equal((int)stack["failed"]!, (await page.Rows("Calls, newest first")).Count);
    }

    [SkippableFact]
    public async Task Usage_and_balance_show_the_numbers_of_the_api()
    {
        // Where other clients send too, the numbers may change between the answer and the page.
        RunningCollector.MustBeOfThisMachine();
        var (requests, sessions, ledger) = (await collector.Usage("requests"), await collector.Usage("sessions"),
        await Get("usage/ledger"));
        await using var page = await browser.Open("usage", key: RunningCollector.OperatorKey, stage: collector.BaseAddress);
        await page.Settled();
        await page.Unfold();
        foreach (var caption in new[] { "Calls and errors per day", "Most used by service", "Most trouble by operation" })
        {
            Assert.Equal((long)requests["total"]!["calls"]!, await page.Sum(caption, "Calls"));
            Assert.Equal((long)requests["total"]!["errors"]!, await page.Sum(caption, "Errors"));
        }

        Assert.Equal((long)sessions["total"]!["sessions"]!, await page.Sum("Sessions by version", "Sessions"));
        Assert.Contains(await page.Rows("Commands by invocations"), row => row[0]
            .StartsWith("localstack config validate", StringComparison.Ordinal));
        Assert.Contains(await page.Rows("Features by uses"), row => row[0].StartsWith("run_init", StringComparison.Ordinal));

        await page.GoTo("Balance");
        await page.Settled();
        Assert.Equal((long)ledger["total"]!["received"]!, await page.Sum("Events per day", "Received"));
        Assert.Equal((long)ledger["total"]!["stored"]!, await page.Total("Events per day", "Stored"));
        await Expect(page.Tab.Locator(".verdict")).ToContainTextAsync("Adds up");
        Assert.Contains(await page.Rows("Dropped events by reason"), row => row[0].EndsWith("not_collected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_another_token_sees_nothing()
    {
        await using var page = await browser.Open("usage", key: "wrong", stage: collector.BaseAddress);
        await Expect(page.Alert).ToContainTextAsync("does not accept this operator key");
        await using var other = await browser.Open("stacks/" + Session, "ls-somebody-else", stage: collector.BaseAddress);
        await Expect(other.Alert).ToContainTextAsync("Nothing was found here.");
        await other.GoTo("My stacks");
        await Expect(other.Tab.GetByText("No stack has run with this token yet.")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_stages_address_shows_the_page_with_and_without_a_slash(string end)
    {
        await using var page = await browser.Open("policy", stage: collector.BaseAddress);
        await page.Tab.GotoAsync(collector.BaseAddress.ToString().TrimEnd('/') + end);
        await Expect(page.Heading("Sign in with your auth token")).ToBeVisibleAsync();
        Assert.Equal(collector.BaseAddress.ToString(), page.Tab.Url);
        page.HasNoProblem();
    }

    private static string Call(int i) => $$$"""
        {"name":"aws_request","metadata":{"session_id":"{{{Session}}}","client_time":"2026-11-22 07:32:46.{{{i:d6}}}"},"payload":{"service":"{{{(i % 3 == 0 ? "sqs" : "s3")}}}",
         "operation":"{{{(i % 3 == 0 ? "DeleteQueue" : "PutObject")}}}","status_code":{{{(i % 6 == 0 ? 400 : 200)}}},"err_type":"AWS.SimpleQueueService.NonExistentQueue",
         "err_msg":"The specified queue does not exist for this wsdl version.","is_internal":false,"region":"us-east-1","account_id":"000000000000","user_agent":"aws-cli/1.25.52"}}
        """;

    private static string Text(JsonNode? number) => ((long)number!).ToString("N0", CultureInfo.InvariantCulture);

    private static async Task Counted(Func<Task<JsonNode>> ask, Func<JsonNode, bool> wanted)
    {
        var answer = await Eventually.Get(ask, wanted);
        Assert.True(wanted(answer), answer.ToJsonString());
    }

    private async Task<JsonNode> Get(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(collector.BaseAddress, path));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await collector.Client.SendAsync(request);
        return await response.Json();
    }
}
