using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>The view "My stacks", operated as a user does.</summary>
[Collection("page")]
public sealed class StacksTests(Browser browser)
{
    private const string Calls = "Calls, newest first";

    private readonly CannedStack first = browser.Server.Stacks[0];

    [Fact]
    public async Task A_token_is_typed_once_kept_in_the_tab_sent_only_as_a_header_and_forgotten_with_a_click()
    {
        const string token = PageServer.Owner;
        await using var page = await browser.Open("stacks");
        await page.Tab.GetByLabel("Auth token", new() { Exact = true }).FillAsync(token);
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Table("Your stacks, newest first")).ToBeVisibleAsync();
        await page.Tab.ReloadAsync();
        await Expect(page.Table("Your stacks, newest first")).ToBeVisibleAsync();
        Assert.Equal(token, await page.Tab.EvaluateAsync<string>("sessionStorage.getItem('auth-token')"));
        Assert.Equal(0, await page.Tab.EvaluateAsync<int>("localStorage.length + document.cookie.length"));

        foreach (var (address, headers) in browser.Server.Requests)
        {
            Assert.DoesNotContain(token, address.ToString(), StringComparison.Ordinal);
            Assert.All(headers.Where(header => header.Key != "Authorization"), header =>
                Assert.DoesNotContain(token, header.Value, StringComparison.Ordinal));
            if (address.AbsolutePath.Contains("/assets/", StringComparison.Ordinal) || address.AbsolutePath is "/v1/" or "/v1/policy")
                Assert.False(headers.ContainsKey("Authorization"));
        }

        await page.Button("Forget the auth token").ClickAsync();
        await Expect(page.Tab.GetByLabel("Auth token", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(0, await page.Tab.EvaluateAsync<int>("sessionStorage.length"));
        await Expect(page.Table("Your stacks, newest first")).ToHaveCountAsync(0);
        page.HasNoProblem();
    }

    [Theory]
    [InlineData("", "Type the auth token first.")]
    [InlineData("two words", "no spaces")]
    public async Task An_invalid_token_is_not_sent(string typed, string said)
    {
        await using var page = await browser.Open("stacks");
        await page.Tab.GetByLabel("Auth token", new() { Exact = true }).FillAsync(typed);
        await page.Button("Show").ClickAsync();
        await Expect(page.Alert).ToContainTextAsync(said);
        Assert.Equal(0, await page.Tab.EvaluateAsync<int>("sessionStorage.length"));
    }

    [Fact]
    public async Task The_list_shows_each_stack_from_the_newest_to_the_oldest()
    {
        await using var page = await browser.Open("stacks", PageServer.Owner);
        await page.Settled();
        Assert.Equal(50, (await page.Rows("Your stacks, newest first")).Count);
        await page.Button("Show older stacks").ClickAsync();
        await Expect(page.Tab.GetByText("62 stacks.")).ToBeVisibleAsync();
        var rows = await page.Rows("Your stacks, newest first");
        Assert.Equal(browser.Server.Stacks.Select(stack => stack.Calls.Count.ToString(CultureInfo.InvariantCulture)),
            rows.Select(row => row[2]));
        Assert.Equal(["20 Nov 2026, 09:00", "59 min 40 s", "180"], rows[0].Take(3));
        Assert.Equal(first.Failed.ToString(CultureInfo.InvariantCulture), rows[0][3]);
        Assert.Equal("none yet", rows[^1][5]);
        page.HasNoProblem();
    }

    [Fact]
    public async Task A_stack_opens_with_numbers_that_add_up()
    {
        await using var page = await browser.Open("stacks", PageServer.Owner);
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "20 Nov 2026, 09:00" }).ClickAsync();
        await page.Settled();
        await Expect(page.Heading("Stack of 20 Nov 2026, 09:00")).ToBeFocusedAsync();
        var tiles = await page.Tab.Locator(".tiles dd").AllTextContentsAsync();
        Assert.StartsWith("180", tiles[0], StringComparison.Ordinal);
        Assert.StartsWith((180 - first.Failed).ToString(CultureInfo.InvariantCulture), tiles[1], StringComparison.Ordinal);
        Assert.StartsWith(first.Failed.ToString(CultureInfo.InvariantCulture), tiles[2], StringComparison.Ordinal);

        await page.Unfold();
        foreach (var caption in new[] { "Calls by service", "Calls by operation and status", "Calls by user agent", "Calls by region",
            "Calls per minute, times in Europe/Berlin" })
        {
            Assert.Equal(180, await page.Sum(caption, "Calls"));
            Assert.Equal(180, await page.Total(caption, "Calls"));
        }

        foreach (var caption in new[] { "Calls by service", "Errors by operation, status, type and message",
            "Calls per minute, times in Europe/Berlin" })
        {
            Assert.Equal(first.Failed, await page.Sum(caption, "Failed"));
            Assert.Equal(first.Failed, await page.Total(caption, "Failed"));
        }
    }

    [Fact]
    public async Task Dragging_a_range_filters_the_calls_below()
    {
        await using var page = await OpenFirst();
        var asked = await Drag(page, 0.25, 0.5);
        var inside = first.Calls.Where(call => CannedStack.Fits(call, asked)).ToList();
        Assert.InRange(inside.Count, 30, 60);
        Assert.EndsWith(":00.000Z", asked["from"], StringComparison.Ordinal);
        await Expect(page.Tab.Locator(".range")).ToContainTextAsync(
            $"In this range: {inside.Count} calls, {inside.Count(call => call.Status >= 400)} failed.");
        await AllCallsShown(page, inside.Count);

        // The numbers of the whole stack do not change.
        Assert.Equal(180, await page.Total("Calls by service", "Calls"));
        await page.Button("Whole stack").ClickAsync();
        await Expect(page.Tab.Locator(".range")).ToContainTextAsync("Whole stack: 180 calls");
        await Expect(page.Tab.GetByText("50 calls so far")).ToBeVisibleAsync();
        page.HasNoProblem();
    }

    [Fact]
    public async Task The_same_range_can_be_typed()
    {
        await using var page = await OpenFirst();
        await page.Tab.GetByLabel("From", new() { Exact = true }).FillAsync("2026-11-20T09:10");
        await page.Tab.GetByLabel("to", new() { Exact = true }).FillAsync("2026-11-20T09:20");
        await Expect(page.Tab.Locator(".range")).ToContainTextAsync("In this range: 30 calls");
        await AllCallsShown(page, 30);
    }

    [Fact]
    public async Task Calls_are_filtered_by_service_operation_and_status()
    {
        await using var page = await OpenFirst();
        await page.Tab.GetByLabel("Service", new() { Exact = true }).SelectOptionAsync("sqs");
        await AllCallsShown(page, 60);
        Assert.Equal(["All", "DeleteQueue"], await page.Tab.GetByLabel("Operation", new() { Exact = true }).Locator("option")
            .AllTextContentsAsync());
        await page.Tab.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("Failed");
        await AllCallsShown(page, first.Calls.Count(call => call is { Service: "sqs", Status: >= 400 }));
        Assert.All(await page.Rows(Calls), row => Assert.Contains("NonExistentQueue", row[3], StringComparison.Ordinal));

        // A service without such calls: the page says so, and offers a way back.
        await page.Tab.GetByLabel("Service", new() { Exact = true }).SelectOptionAsync("s3");
        await Expect(page.Tab.GetByText("No calls match these filters.")).ToBeVisibleAsync();
        await page.Tab.Locator(".state").GetByText("Clear filters").ClickAsync();
        await Expect(page.Tab.GetByText("50 calls so far")).ToBeVisibleAsync();
        page.HasNoProblem();
    }

    [Fact]
    public async Task A_service_can_be_chosen_in_the_table_of_services()
    {
        await using var page = await OpenFirst();
        await page.Button("lambda").ClickAsync();
        await AllCallsShown(page, first.Calls.Count(call => call.Service == "lambda"));
        await Expect(page.Heading("Calls, one by one")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task All_calls_can_be_paged_through_and_each_is_shown_once()
    {
        await using var page = await OpenFirst();
        await AllCallsShown(page, 180);
        var times = (await page.Table(Calls).Locator("time").AllAsync()).Count;
        Assert.Equal(180, times);
        await page.Table(Calls).GetByText("ServiceException").First.ClickAsync();
        await Expect(page.Table(Calls).Locator("pre").First).ToContainTextAsync("line 57, in handle");
    }

    /// <summary>
    /// On the day when clocks go back, the client's clock shows one hour twice, and batches arrive in the order of the collector's clock.
    /// </summary>
    [Fact]
    public async Task Calls_are_sorted_by_the_shown_time()
    {
        string[] times = ["2026-10-25 02:10:00.5", "2026-10-25 02:59:59.999999", "2026-10-25 02:00:00", "2026-10-25 02:30:00.25",
        "2026-10-25 03:00:01"];
        var rows = new JsonArray([.. times.Select((time, i) => new JsonObject
        {
            ["time"] = $"2026-10-25T00:1{i}:00.000Z", ["client_time"] = time, ["service"] = "s3", ["operation"] = "PutObject",
            ["status_code"] = 200,
        })]);
        await using var page = await browser.Open("stacks", PageServer.Owner);
        await page.Tab.RouteAsync("**/v1/stacks/*/events?*", route => route.FulfillAsync(new()
        {
            ContentType = "application/json", Body = new JsonObject { ["rows"] = rows.DeepClone() }.ToJsonString(),
        }));
        await page.Tab.GotoAsync(new Uri(browser.Server.Stage, "?#/stacks/" + first.Session).ToString());
        await page.Settled();
        var shown = await page.Table(Calls).Locator("time").AllTextContentsAsync();
        Assert.Equal(times.Select(time => time[..19]).OrderDescending(StringComparer.Ordinal), shown);
    }

    [Fact]
    public async Task The_times_under_a_chart_of_ten_minutes_all_differ()
    {
        await using var page = await browser.Open("stacks", PageServer.Owner);
        // The axis is drawn on a canvas: records the texts since the canvas was last cleared.
        await page.Tab.AddInitScriptAsync("""
            const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
            CanvasRenderingContext2D.prototype.clearRect = function (...area) { window.painted = []; return clearRect.apply(this, area); };
            CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { window.painted.push(text); return fillText.call(this, text, ...rest); };
            """);
        await page.Tab.GotoAsync(new Uri(browser.Server.Stage, "?#/stacks/" + browser.Server.Stacks[1].Session).ToString());
        await page.Settled();
        await page.Tab.WaitForFunctionAsync("() => window.painted?.length");

        var times = (await page.Tab.EvaluateAsync<string[]>("window.painted")).Where(text => text.Length == 5 && text[2] == ':').ToList();
        Assert.InRange(times.Count, 2, 10);
        Assert.Equal(times.Distinct(), times);
    }

    [Fact]
    public async Task A_stack_without_calls_says_so()
    {
        await using var page = await browser.Open("stacks/" + browser.Server.Stacks[^1].Session, PageServer.Owner);
        await page.Settled();
        await Expect(page.Tab.GetByText("No calls to show.")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".chart")).ToHaveCountAsync(0);
    }

    private async Task<OpenPage> OpenFirst()
    {
        var page = await browser.Open("stacks/" + first.Session, PageServer.Owner);
        await page.Settled();
        return page;
    }

    /// <summary>Drags over a part of the chart, and returns the parameters of the resulting request for calls.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> Drag(OpenPage page, double from, double to)
    {
        // The mouse reaches only the visible part of the page.
        await page.Tab.Locator(".u-over").ScrollIntoViewIfNeededAsync();
        var box = (await page.Tab.Locator(".u-over").BoundingBoxAsync())!;
        var request = page.Tab.WaitForRequestAsync(r => r.Url.Contains("/events?", StringComparison.Ordinal));
        await page.Tab.Mouse.MoveAsync((float)(box.X + box.Width * from), box.Y + 40);
        await page.Tab.Mouse.DownAsync();
        await page.Tab.Mouse.MoveAsync((float)(box.X + box.Width * to), box.Y + 60, new() { Steps = 4 });
        await page.Tab.Mouse.UpAsync();
        return new Uri((await request).Url).Query.TrimStart('?').Split('&').Select(parameter => parameter.Split('='))
            .ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
    }

    /// <summary>Shows page after page up to the last, and checks the total number of calls.</summary>
    private static async Task AllCallsShown(OpenPage page, int count)
    {
        await page.Settled();
        var more = page.Button("Show more calls");
        for (var clicks = 0; clicks < 5 && await more.CountAsync() > 0; clicks++)
        {
            await more.ClickAsync();
            await page.Settled();
        }

        await Expect(page.Table(Calls).Locator("tbody tr")).ToHaveCountAsync(count);
    }
}
