using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>The other views: usage, policy and balance; and what all views have in common.</summary>
[Collection("page")]
public sealed class ViewsTests(Browser browser)
{
    [Fact]
    public async Task Usage_shows_the_most_used_services_and_every_table_adds_up()
    {
        await using var page = await browser.Open("usage", key: PageServer.Operator);
        await page.Settled();
        long calls = CannedUsage.PerDay.Sum(cell => cell.Calls) * 30, errors = CannedUsage.PerDay.Where(cell => cell.Status >= 400)
            .Sum(cell => cell.Calls) * 30;
        await page.Unfold();
        foreach (var (caption, column, sum) in new[]
        {
            ("Calls and errors per day", "Calls", calls), ("Calls and errors per day", "Errors", errors),
            ("Most used by service", "Calls", calls),
            ("Most trouble by operation", "Calls", calls), ("Most trouble by operation", "Errors", errors),
            ("Commands by invocations", "Invocations", 47 * 30),
            ("Features by uses", "Uses", 3 * 30), ("Sessions per day", "Sessions", 20 * 30), ("Sessions by version", "Sessions", 20 * 30),
            ("Sessions by system", "Sessions", 20 * 30),
        })
        {
            Assert.Equal(sum, await page.Sum(caption, column));
            Assert.Equal(sum, await page.Total(caption, column));
        }

        Assert.Equal(["s3", "sqs", "lambda"], (await page.Rows("Most used by service")).Select(row => row[0]));
        Assert.Equal(["s3 GetObject", "lambda Invoke", "All others"], (await page.Rows("Most trouble by operation")).Select(row => row[0]));
    }

    [Fact]
    public async Task Each_row_of_a_ranking_has_its_trend_and_its_change_in_words()
    {
        await using var page = await browser.Open("usage", key: PageServer.Operator);
        await page.Settled();
        foreach (var (caption, changes) in new[]
        {
            ("Most used by service", new[] { "▲ up 100.00%", "▲ up 100.00%", "▲ up 100.00%" }),
            ("Commands by invocations", ["▲ up 100.00%", "▲ up 100.00%"]), ("Features by uses", ["▼ down 25.00%"]),
            ("Sessions by version", ["▲ up 100.00%", "▲ up 100.00%"]), ("Sessions by system", ["▲ up 100.00%"]),
        })
        {
            // Sessions have no trend lines, because the chart above shows the period.
            if (caption.StartsWith("Sessions", StringComparison.Ordinal))
            {
                Assert.Equal(changes, (await page.Rows(caption)).Select(row => row[^1]));
                continue;
            }

            var lines = page.Table(caption).GetByRole(AriaRole.Img);
            await Expect(lines).ToHaveCountAsync(changes.Length);
            await Expect(lines.First).ToBeVisibleAsync();
            Assert.StartsWith("rising, at most", await lines.First.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
            // The change follows the text of the line.
            Assert.All(changes.Zip(await page.Rows(caption)), row => Assert.EndsWith(row.First, row.Second[^1], StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Days_whose_counts_cannot_be_trusted_are_named_with_the_reason()
    {
        await using var page = await browser.Open("stacks", key: PageServer.Operator);
        await page.Settled();
        await page.Tab.RouteAsync("**/v1/usage/ledger?*", async route =>
        {
            var answer = System.Text.Json.Nodes.JsonNode.Parse(await (await route.FetchAsync()).TextAsync())!;
            answer["rows"]![3]!["unreadable"] = 2;
            answer["rows"]![5]!["received"] = 0;
            await route.FulfillAsync(new() { ContentType = "application/json", Body = answer.ToJsonString() });
        });
        await page.Tab.RouteAsync("**/v1/usage/requests?*by=day*", async route =>
        {
            var answer = System.Text.Json.Nodes.JsonNode.Parse(await (await route.FetchAsync()).TextAsync())!;
            answer["rows"]![4]!["overflow"] = 9;
            await route.FulfillAsync(new() { ContentType = "application/json", Body = answer.ToJsonString() });
        });
        await page.Tab.EvaluateAsync("location.hash = '#/usage?from=2026-11-01&to=2026-11-10'");
        await page.Settled();

        var said = page.Tab.GetByRole(AriaRole.Status).GetByRole(AriaRole.Listitem);
        await Expect(said).ToHaveTextAsync(
        [
            "Log items could not be read, so some calls may be missing: 4 Nov 2026.",
            "A counter item was full, so some calls are counted without their operation: 5 Nov 2026.",
            "Nothing arrived, although events arrived before and after: 6 Nov 2026.",
        ]);
    }

    [Fact]
    public async Task The_public_summary_is_shown_month_by_month_without_a_key()
    {
        await using var page = await browser.Open("summary");
        await page.Settled();
        Assert.Equal(["s3", "31%"], await Cells("Services by share"));
        await Expect(page.Tab.GetByText("Only items that were counted at least 1,000 times")).ToBeVisibleAsync();
        await Expect(page.Tab.GetByText("Nothing was counted often enough.")).ToBeVisibleAsync();
        await Expect(page.Tab.GetByText("5 more")).ToBeVisibleAsync();

        await page.Tab.GetByLabel("Month").SelectOptionAsync("September 2026");
        await Expect(page.Table("Services by share")).ToContainTextAsync("44%");
        Assert.EndsWith("#/summary?month=2026-09", page.Tab.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Server.Requests, request => request.Address.AbsolutePath == "/v1/summary"
            && request.Headers.ContainsKey("Authorization"));

        async Task<string[]> Cells(string caption) => [.. (await page.Rows(caption))[0].Where(cell => cell.Length > 0)];
    }

    [Theory]
    [InlineData("summary", 404, "There is no summary of this month")]
    [InlineData("summary?month=2026-09", 404, "There is no summary of this month")]
    public async Task A_collector_that_publishes_nothing_says_so(string address, int status, string text)
    {
        await using var page = await browser.Open("balance");
        await page.Settled();
        await page.Tab.RouteAsync("**/v1/summary*", route => route.FulfillAsync(new() { Status = status, Body = "{}" }));
        await page.Tab.EvaluateAsync($"location.hash = '#/{address}'");
        await Expect(page.Tab.Locator("main")).ToContainTextAsync(text);
    }

    [Theory]
    [InlineData(1280, "GetVerifiedAccessEndpointPolicyForTransitGatewayRouteTable")]
    [InlineData(1280, "a.name.without.capitals.that.is.longer.than.its.column.can.ever.be")]
    [InlineData(360, "GetVerifiedAccessEndpointPolicyForTransitGatewayRouteTable")]
    public async Task A_long_name_does_not_push_numbers_out_of_view(int width, string name)
    {
        await using var page = await browser.Open("stacks", key: PageServer.Operator, width: width);
        await page.Settled();
        await page.Tab.RouteAsync("**/v1/usage/requests?*", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { ContentType = "application/json", Body = (await answer.TextAsync())
                .Replace("GetObject", name, StringComparison.Ordinal) });
        });
        await page.Tab.EvaluateAsync("location.hash = '#/usage'");
        await page.Settled();

        var table = page.Table("Most trouble by operation");
        Assert.Contains(await page.Rows("Most trouble by operation"), row => row[0] == "s3 " + name);
        Assert.Equal(0, await table.EvaluateAsync<int>("table => table.parentElement.scrollWidth - table.parentElement.clientWidth"));
    }

    [Fact]
    public async Task Usage_can_be_shown_for_other_days_groups_and_orders()
    {
        await using var page = await browser.Open("usage", key: PageServer.Operator);
        await page.Settled();
        await page.Button("7 days").ClickAsync();
        await Expect(page.Button("7 days")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Settled();
        Assert.Equal(CannedUsage.PerDay.Sum(cell => cell.Calls) * 7, await page.Total("Most used by service", "Calls"));

        await page.Tab.GetByRole(AriaRole.Region, new() { Name = "Most used", Exact = true }).GetByText("Statuses").ClickAsync();
        await Expect(page.Table("Most used by status")).ToBeVisibleAsync();
        Assert.Equal(["200", "404", "500"], (await page.Rows("Most used by status")).Select(row => row[0]));

        await page.Button("Pro sessions").ClickAsync();
        await Expect(page.Table("Most used by service")).ToContainTextAsync("Pro sessions");
        await Expect(page.Tab.GetByRole(AriaRole.Group, new() { Name = "Group by" })).ToHaveCountAsync(1);
        Assert.Equal(
            CannedUsage.PerDay.Select(cell => cell.Service).Distinct().OrderByDescending(service => service.Length),
            (await page.Rows("Most used by service")).Select(row => row[0]));

        var request = page.Tab.WaitForRequestAsync(r => r.Url.Contains("min_calls=", StringComparison.Ordinal));
        await page.Button("Error rate").ClickAsync();
        Assert.Contains("order=error_rate", (await request).Url, StringComparison.Ordinal);
        await page.Settled();
        Assert.Equal("lambda Invoke", (await page.Rows("Most trouble by operation"))[0][0]);
    }

    [Fact]
    public async Task An_invalid_range_of_days_is_not_requested()
    {
        await using var page = await browser.Open("balance");
        await page.Settled();
        await page.Tab.GetByLabel("From", new() { Exact = true }).FillAsync("2020-01-01");
        await Expect(page.Tab.GetByText("At most 31 days at once.")).ToBeVisibleAsync();
        Assert.DoesNotContain(browser.Server.Requests, request => request.Address.Query.Contains("2020-01-01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_policy_is_shown_event_by_event_field_by_field()
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        await Expect(page.Tab.GetByText("DISABLE_EVENTS=1", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Tab.GetByText("LOCALSTACK_DISABLE_EVENTS=1", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Tab.GetByText("-X PUT")).ToContainTextAsync(new Uri(browser.Server.Stage, "tracking").ToString());
        var records = await page.Rows("How long each kind of record is kept");
        Assert.Contains(records, row => row[0].StartsWith("Sessions, with their fingerprints", StringComparison.Ordinal)
            && row[1] == "90 days");
        Assert.Contains(records, row => row[0] == "Anonymous counters, which contain only numbers" && row[1] == "forever");
        var activation = page.Tab.Locator("details", new() { Has = page.Tab.GetByText("license_activation", new() { Exact = true }) });
        await Expect(activation).ToContainTextAsync("a licence is activated");
        await Expect(activation).ToContainTextAsync("Kept: 400 days.");

        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(browser.Server.Stage, "policy"));
        await Expect(page.Tab.GetByText(answer.Headers.GetValues("Collection-Policy").Single())).ToBeVisibleAsync();
        using var policy = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        foreach (var rule in policy.RootElement.GetProperty("events").EnumerateArray())
        {
            var name = rule.GetProperty("name").GetString()!;
            await Expect(page.Tab.Locator(".event .name").GetByText(name, new() { Exact = true })).ToHaveCountAsync(1);
            if (!rule.TryGetProperty("fields", out var fields) || fields.ValueKind != System.Text.Json.JsonValueKind.Array) continue;
            var shown = await page.Tab.Locator("details", new() { Has = page.Tab.GetByText(name, new() { Exact = true }) })
                .Locator("tbody th .mono").AllTextContentsAsync();
            Assert.Equal(fields.EnumerateArray().Select(field => field.GetProperty("field").GetString()!).Order(StringComparer.Ordinal),
                shown.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task The_balance_is_public_and_adds_up()
    {
        await using var page = await browser.Open("balance");
        await page.Settled();
        await Expect(page.Tab.Locator(".equation")).ToContainTextAsync(
            "7,651 received=7,000 stored+651 droppedAdds up on each of 7 days.");
        Assert.Equal(7651, await page.Sum("Events per day", "Received"));
        Assert.Equal(await page.Sum("Events per day", "Received"), await page.Sum("Events per day", "Stored")
            + await page.Sum("Events per day", "Dropped"));
        Assert.Equal(651, await page.Sum("Dropped events by reason", "Events"));
        Assert.Equal(7 * 47, await page.Sum("Stripped fields", "Times"));
        var request = await page.Tab.RunAndWaitForRequestAsync(
            () => page.Tab.ReloadAsync(), request => request.Url.Contains("usage/ledger", StringComparison.Ordinal));
        Assert.False((await request.AllHeadersAsync()).ContainsKey("authorization"));
    }

    [Fact]
    public async Task Views_can_be_switched_by_keyboard_and_back_button_and_show_where_the_user_is()
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        await page.Tab.Keyboard.PressAsync("Tab");
        await Expect(page.Tab.GetByText("Skip to the content")).ToBeFocusedAsync();
        for (var tabs = 0; tabs < 6; tabs++) await page.Tab.Keyboard.PressAsync("Tab");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Heading("Balance")).ToBeFocusedAsync();
        Assert.Equal("Balance · LocalStack usage", await page.Tab.TitleAsync());
        await Expect(page.Tab.Locator("nav [aria-current]")).ToHaveTextAsync("Balance");
        await page.Tab.GoBackAsync();
        await Expect(page.Heading("What is collected")).ToBeVisibleAsync();
        await page.Settled();
    }

    [Fact]
    public async Task The_page_works_without_the_stages_slash_and_contacts_no_other_host()
    {
        await using var page = await browser.Open("balance", stage: new Uri(browser.Server.Stage.ToString().TrimEnd('/')));
        await page.Tab.GotoAsync(browser.Server.Stage.ToString().TrimEnd('/') + "#/balance");
        await Expect(page.Table("Events per day")).ToBeVisibleAsync();
        Assert.EndsWith("/v1/#/balance", page.Tab.Url, StringComparison.Ordinal);
        Assert.Equal([browser.Server.Stage.Authority], page.Hosts);
    }

    [Theory]
    [InlineData("stacks")]
    [InlineData("stack")]
    [InlineData("usage")]
    [InlineData("summary")]
    [InlineData("policy")]
    [InlineData("balance")]
    public async Task On_a_phone_nothing_is_wider_than_the_screen(string view)
    {
        await using var page = await browser.Open(
            view == "stack" ? "stacks/" + browser.Server.Stacks[0].Session : view, view == "usage" ? null : PageServer.Owner,
            PageServer.Operator, width: 360);
        await page.Settled();
        Assert.Equal(360, await page.Tab.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await Expect(page.Tab.Locator("h1")).ToBeInViewportAsync();
    }
}
