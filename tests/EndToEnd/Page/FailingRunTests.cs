using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>Why did this run fail? How a user examines a failed run on the page.</summary>
[Collection("page")]
public sealed class FailingRunTests(Browser browser)
{
    private const string Stacks = "Your stacks, newest first", Calls = "Calls, newest first",
    Errors = "Errors by operation, status, type and message";

    private readonly CannedStack first = browser.Server.Stacks[0];

    [Fact]
    public async Task A_failed_run_can_be_examined_with_the_keyboard_alone_from_sign_in_to_sign_out()
    {
        await using var page = await browser.Open("stacks");
        await page.Tab.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.Settled();
        await Press(page, page.Tab.GetByLabel("Auth token", new() { Exact = true }));
        await page.Tab.Keyboard.TypeAsync(PageServer.Owner);
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Table(Stacks)).ToBeVisibleAsync();
        await page.Settled();

        await Press(page, page.Tab.GetByLabel("Failed only"), "Space");
        await Expect(page.Tab.GetByText("1 stack.")).ToBeVisibleAsync();
        Assert.EndsWith("#/stacks?failed=true", page.Tab.Url, StringComparison.Ordinal);
        await Press(page, page.Table(Stacks).GetByRole(AriaRole.Link), "Enter");
        await page.Settled();
        await Expect(page.Tab.GetByText("2 operations fail now and did not before", new() { Exact = false })).ToBeVisibleAsync();

        await Press(page, page.Tab.GetByLabel("Compare with"), "ArrowDown");
        await page.Settled();
        Assert.Contains("with=", page.Tab.Url, StringComparison.Ordinal);

        await Press(page, page.Table(Errors).GetByRole(AriaRole.Button).First, "Enter");
        await Expect(page.Heading("Calls, one by one")).ToBeFocusedAsync();
        await page.Settled();
        Assert.Contains("service=", page.Tab.Url, StringComparison.Ordinal);
        var shown = await page.Table(Calls).Locator("tbody tr").CountAsync();

        await Press(page, page.Button("Copy as JSON"), "Enter");
        await Expect(page.Tab.GetByText(string.Create(CultureInfo.InvariantCulture, $"{shown} calls copied."))).ToBeVisibleAsync();
        Assert.Equal(shown, await page.Tab.EvaluateAsync<int>("navigator.clipboard.readText().then(text => JSON.parse(text).length)"));
        await Press(page, page.Button("Copy as CSV"), "Enter");
        Assert.StartsWith("time,client_time,service,operation,status_code,",
            await page.Tab.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);

        await Press(page, page.Button("Forget the auth token"), "Enter");
        await Expect(page.Tab.GetByLabel("Auth token", new() { Exact = true })).ToBeVisibleAsync();
        page.HasNoProblem();
    }

    [Fact]
    public async Task The_address_restores_filters_and_comparison()
    {
        await using var page = await browser.Open(
            $"stacks/{first.Session}?service=sqs&status=failed&with={browser.Server.Stacks[3].Session}", PageServer.Owner);
        await page.Settled();
        await Expect(page.Tab.GetByLabel("Service", new() { Exact = true })).ToHaveValueAsync("sqs");
        await Expect(page.Tab.GetByLabel("Compare with")).ToHaveValueAsync(browser.Server.Stacks[3].Session);
        await Expect(page.Table(Calls).Locator("tbody tr")).ToHaveCountAsync(
            first.Calls.Count(call => call is { Service: "sqs", Status: >= 400 }));
        await page.Tab.GotoAsync(new Uri(browser.Server.Stage, "?1#/stacks?failed=true").ToString());
        await page.Settled();
        await Expect(page.Tab.GetByLabel("Failed only")).ToBeCheckedAsync();
        Assert.Single(await page.Rows(Stacks));
    }

    [Fact]
    public async Task Errors_comparison_and_callers_add_up_and_lead_to_their_calls()
    {
        await using var page = await browser.Open("stacks/" + first.Session, PageServer.Owner);
        await page.Settled();
        await page.Unfold();
        Assert.Equal(first.Failed, await page.Sum(Errors, "Failed"));
        Assert.Equal(first.Failed, await page.Total(Errors, "Failed"));
        Assert.Equal(180, await page.Sum("Calls by user agent and operation", "Calls"));
        Assert.Equal(first.Failed, await page.Sum("Calls by user agent and operation", "Failed"));
        Assert.Equal(180, await page.Sum("What changed, by operation", "Calls"));
        Assert.Equal(first.Failed, await page.Sum("What changed, by operation", "Failed"));
        await page.Table(Errors).GetByRole(AriaRole.Button, new() { Name = "Show the calls of sqs DeleteQueue with 400" }).ClickAsync();
        await page.Settled();
        await Expect(page.Table(Calls).Locator("tbody tr")).ToHaveCountAsync(first.Calls.Count(call => call.Status == 400));
    }

    [Fact]
    public async Task An_operation_that_is_not_implemented_is_marked_as_such()
    {
        await using var page = await browser.Open("stacks", PageServer.Owner);
        await page.Settled();
        await page.Tab.RouteAsync("**/breakdown", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { ContentType = "application/json", Body = (await answer.TextAsync())
                .Replace("\"status_code\":500", "\"status_code\":501", StringComparison.Ordinal) });
        });
        await page.Tab.EvaluateAsync($"location.hash = '#/stacks/{first.Session}'");
        await page.Settled();
        await Expect(page.Table(Errors).GetByText("not implemented")).ToBeVisibleAsync();
        await Expect(page.Table(Errors).GetByRole(AriaRole.Link))
            .ToHaveAttributeAsync("href", "https://docs.localstack.cloud/aws/services/lambda/#api-coverage");
    }

    [Fact]
    public async Task Fifty_calls_fit_a_screen_and_a_half_and_every_column_fits()
    {
        await using var page = await browser.Open("stacks/" + first.Session, PageServer.Owner);
        await page.Settled();
        await Expect(page.Table(Calls).Locator("tbody tr")).ToHaveCountAsync(50);
        Assert.InRange((await page.Table(Calls).BoundingBoxAsync())!.Height, 500, 1.5 * 900);
        Assert.Equal(0, await page.Table(
            Calls).EvaluateAsync<int>("table => table.parentElement.scrollWidth - table.parentElement.clientWidth"));
        var agent = page.Table(Calls).Locator(".agent").First;
        await agent.FocusAsync();
        await Expect(agent.Locator(".whole-agent")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_overview_adds_all_stacks_up()
    {
        await using var page = await browser.Open("stacks/overview", PageServer.Owner);
        await page.Settled();
        var calls = browser.Server.Stacks.Sum(stack => stack.Calls.Count);
        foreach (var (column, sum) in new[] { ("Calls", calls), ("Failed", first.Failed) })
        {
            Assert.Equal(sum, await page.Sum("Services by failures", column));
            Assert.Equal(sum, await page.Total("Services by failures", column));
        }

        await page.Table("Services by failures").GetByRole(AriaRole.Link, new() { Name = "sqs" }).ClickAsync();
        await Expect(page.Tab.GetByLabel("Service", new() { Exact = true })).ToHaveValueAsync("sqs");
        await page.Settled();
        Assert.Single(await page.Rows(Stacks));
    }

    [Fact]
    public async Task A_running_stack_is_refreshed_until_paused()
    {
        await using var page = await browser.Open("balance", PageServer.Owner);
        await page.Settled();
        await page.Tab.Clock.InstallAsync(new() { TimeDate = first.Calls[^1].Time.UtcDateTime.AddSeconds(5) });
        await page.Tab.EvaluateAsync($"location.hash = '#/stacks/{first.Session}'");
        await Expect(page.Tab.GetByText("Running: refreshed every 10 seconds.")).ToBeVisibleAsync();
        var asked = page.Tab.WaitForRequestAsync(request => request.Url.EndsWith("/stacks/" + first.Session, StringComparison.Ordinal));
        await page.Tab.Clock.FastForwardAsync(10_000);
        await asked;
        await page.Button("Pause").ClickAsync();
        await Expect(page.Button("Pause")).ToHaveAttributeAsync("aria-pressed", "true");
        page.HasNoProblem();
    }

    /// <summary>Moves to a control with the Tab key alone, and presses a key there.</summary>
    private static async Task Press(OpenPage page, ILocator control, string? key = null)
    {
        for (var tabs = 0; tabs < 200; tabs++)
        {
            if (await control.EvaluateAsync<bool>("control => control === document.activeElement"))
            {
                if (key is not null) await page.Tab.Keyboard.PressAsync(key);
                return;
            }

            await page.Tab.Keyboard.PressAsync("Tab");
        }

        Assert.Fail("The control cannot be reached by keyboard.");
    }
}
