using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>
/// The page's messages for empty lists, refusals and an unavailable collector, each with the next step.
/// </summary>
[Collection("page")]
public sealed class StatesTests(Browser browser)
{
    [Fact]
    public async Task An_account_without_stacks_is_told_how_to_report_one()
    {
        await using var page = await browser.Open("stacks", PageServer.Nobody);
        await page.Settled();
        await Expect(page.Tab.GetByText("No stack has run with this token yet.")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator("pre")).ToContainTextAsync(
            $"ANALYTICS_API={browser.Server.Stage.ToString().TrimEnd('/')} localstack start");
    }

    [Theory]
    [InlineData("stacks", "Auth token", "auth token")]
    [InlineData("usage", "Operator key", "operator key")]
    public async Task A_refused_credential_is_forgotten_and_requested_again(string view, string label, string name)
    {
        await using var page = await browser.Open(view);
        await page.Tab.GetByLabel(label, new() { Exact = true }).FillAsync("wrong");
        await page.Button("Show").ClickAsync();
        await Expect(page.Alert).ToContainTextAsync($"does not accept this {name}");
        await Expect(page.Tab.GetByLabel(label, new() { Exact = true })).ToBeFocusedAsync();
        Assert.Equal(0, await page.Tab.EvaluateAsync<int>("sessionStorage.length"));
        await Expect(page.Button($"Forget the {name}")).ToHaveCountAsync(0);
        page.HasNoProblem();
    }

    [Theory]
    [InlineData(503, "The collector’s database is temporarily unavailable.")]
    [InlineData(429, "Too many requests.")]
    [InlineData(500, "The collector failed (500).")]
    [InlineData(504, "The answer took too long.")]
    public async Task A_failure_is_explained_and_can_be_retried(int status, string said)
    {
        const string token = "ls-owner-token";
        await using var page = await browser.Open("stacks", token);
        await page.Settled();
        await page.Tab.RouteAsync("**/v1/stacks?*", route => route.FulfillAsync(
            new() { Status = status, ContentType = "application/problem+json", Body = "{}" }), new() { Times = 1 });
        await page.Tab.ReloadAsync();
        await Expect(page.Alert).ToContainTextAsync(said);
        await page.Button("Try again").ClickAsync();
        await Expect(page.Table("Your stacks, newest first")).ToBeVisibleAsync();
        page.HasNoProblem();
    }

    [Fact]
    public async Task An_unreachable_collector_is_distinguished_from_a_failing_one()
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        await page.Tab.RouteAsync("**/usage/ledger?*", route => route.AbortAsync(), new() { Times = 1 });
        await page.GoTo("Balance");
        await Expect(page.Alert).ToContainTextAsync("The collector can’t be reached.");
        await page.Button("Try again").ClickAsync();
        await Expect(page.Table("Events per day")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Another_owners_stack_is_shown_as_missing()
    {
        await using var page = await browser.Open("stacks/" + browser.Server.Stacks[0].Session, PageServer.Nobody);
        await Expect(page.Alert).ToContainTextAsync("There is no such stack with this token.");
    }

    [Fact]
    public async Task The_page_says_when_it_is_waiting_for_an_answer()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var page = await browser.Open("policy");
        await page.Settled();
        await page.Tab.RouteAsync("**/usage/ledger?*", async route => { await gate.Task; await route.ContinueAsync(); });
        await page.GoTo("Balance");
        await Expect(page.Tab.GetByText("Loading the balance")).ToBeVisibleAsync();
        gate.SetResult();
        await Expect(page.Table("Events per day")).ToBeVisibleAsync();
        await page.Settled();
    }

    [Fact]
    public async Task A_ledger_that_does_not_add_up_is_reported_as_a_fault()
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        var broken = CannedUsage.Ledger(new Dictionary<string, string> { ["from"] = "2026-11-20", ["to"] = "2026-11-22" }, unexplained: 1);
        await page.Tab.RouteAsync("**/usage/ledger?*", route => route.FulfillAsync(
            new() { ContentType = "application/json", Body = broken.ToJsonString() }));
        await page.GoTo("Balance");
        await Expect(page.Tab.Locator(".verdict")).ToContainTextAsync("Does not add up on 20 Nov 2026");
    }
}
