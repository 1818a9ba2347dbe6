using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>The page's preview: pasted events go through the rules that ingest applies.</summary>
[Collection("page")]
public sealed class PreviewTests(Browser browser)
{
    [Fact]
    public async Task A_pasted_event_is_shown_field_by_field()
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        await page.Button("A failing call").ClickAsync();
        await page.Settled();
        var rows = await page.Rows("Preview of aws_request");
        Assert.Contains(rows, row => row[0] == "payload.service" && row[1] == "kept" && row[2] == "s3");
        Assert.Contains(rows, row => row[0] == "payload.user_agent" && row[1] == "changed" && row[2]
            .StartsWith("aws-cli/2.15.30", StringComparison.Ordinal));
        Assert.Contains(rows, row => row[0] == "payload.*" && row[1] == "removed" && row[3]
            .StartsWith("No rule names it.", StringComparison.Ordinal));
        await Expect(page.Tab.GetByText("1 event=1 stored+0 dropped")).ToBeVisibleAsync();

        await page.Tab.GetByLabel("for", new() { Exact = true }).SelectOptionAsync("all");
        await Expect(page.Tab.GetByText("as for a community session")).ToBeVisibleAsync();
        Assert.Contains(await page.Rows("Preview of aws_request"), row => row[0] == "payload.region" && row[1] == "removed");
        page.HasNoProblem();
    }

    [Fact]
    public async Task A_command_line_is_shown_as_its_event()
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        await page.Tab.GetByLabel("Event, request or command line").FillAsync("localstack start --detached --network=janes-network");
        await page.Button("Show what is kept").ClickAsync();
        await page.Settled();
        var rows = await page.Rows("Preview of cli_cmd");
        Assert.Contains(rows, row => row[0] == "payload.cmd" && row[1] == "kept" && row[2] == "localstack start");
        Assert.Contains(rows, row => row[0] == "payload.params" && row[1] == "changed" && row[2]
            .EndsWith("[\"detached\"]", StringComparison.Ordinal));
        Assert.Contains(rows, row => row[0] == "payload.params" && row[1] == "removed");
    }

    [Theory]
    [InlineData("", "Paste an event")]
    [InlineData("{\"name\":", "This is not JSON")]
    [InlineData("terraform apply", "neither JSON nor a command line")]
    public async Task Invalid_input_is_reported_without_a_request(string typed, string said)
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        await page.Tab.GetByLabel("Event, request or command line").FillAsync(typed);
        await page.Button("Show what is kept").ClickAsync();
        await Expect(page.Alert).ToContainTextAsync(said);
        await Expect(page.Tab.GetByLabel("Event, request or command line")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_preview_is_sent_without_credentials_and_kept_out_of_the_address_and_the_storage()
    {
        await using var page = await browser.Open("policy", PageServer.Owner);
        await page.Settled();
        var asked = page.Tab.WaitForRequestAsync(request => request.Url.Contains("policy/preview", StringComparison.Ordinal));
        await page.Button("A session").ClickAsync();
        var request = await asked;
        Assert.Null(await request.HeaderValueAsync("Authorization"));
        Assert.DoesNotContain("AbCdEfGh", request.Url, StringComparison.Ordinal);
        await page.Settled();
        Assert.DoesNotContain("AbCdEfGh", page.Tab.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("AbCdEfGh", await page.Tab.EvaluateAsync<string>("JSON.stringify({ ...sessionStorage, ...localStorage })"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pasted_markup_is_shown_as_text()
    {
        await using var page = await browser.Open("policy");
        await page.Settled();
        await page.Tab.GetByLabel("Event, request or command line").FillAsync(new System.Text.Json.Nodes.JsonObject
        {
            ["name"] = "aws_request",
            ["payload"] = new System.Text.Json.Nodes.JsonObject
            {
                ["service"] = CannedData.Markup, ["operation"] = CannedData.Markup, ["status_code"] = 400, ["err_msg"] = CannedData.Markup,
                [CannedData.Markup] = CannedData.Markup,
            },
        }.ToJsonString());
        await page.Button("Show what is kept").ClickAsync();
        await page.Settled();
        await page.Unfold();
        await Expect(page.Table("Preview of aws_request")).ToContainTextAsync("window.ran=1");
        Assert.False(await page.Tab.EvaluateAsync<bool>("'ran' in window"));
        Assert.Equal(0, await page.Tab.Locator("main :is(img, script, svg, iframe, object)").CountAsync());
        page.HasNoProblem();
    }
}
