using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>Text from a client or an error is shown as text on the page, whatever it contains.</summary>
[Collection("page")]
public sealed class InjectionTests(Browser browser)
{
    [Fact]
    public async Task Markup_in_each_text_of_a_stack_is_shown_and_does_not_run()
    {
        await using var page = await browser.Open("stacks", PageServer.Mallory);
        await page.Settled();
        await NothingRan(page, shown: 2);
        await page.Tab.Locator("tbody a").ClickAsync();
        await page.Settled();
        await page.Unfold();
        await NothingRan(page, shown: 10);
    }

    [Theory]
    [InlineData("usage", 8)]
    [InlineData("summary", 40)]
    [InlineData("balance", 2)]
    [InlineData("policy", 12)]
    public async Task Markup_in_each_text_of_an_answer_is_shown_and_does_not_run(string view, int shown)
    {
        await using var page = await browser.Open("stacks", key: PageServer.Operator);
        await page.Settled();
        // Every text in the API's answer, and every name that a client may choose, becomes markup.
        await page.Tab.RouteAsync("**/v1/{usage/*,policy,summary}**", async route =>
        {
            var answer = await route.FetchAsync();
            var body = JsonNode.Parse(await answer.TextAsync())!;
            Poison(body, "");
            await route.FulfillAsync(new() { ContentType = "application/json", Body = body.ToJsonString() });
        });
        await page.Tab.EvaluateAsync($"location.hash = '#/{view}'");
        await page.Settled();
        await NothingRan(page, shown);
    }

    [Fact]
    public async Task Markup_in_the_address_or_an_error_is_shown_as_text()
    {
        await using var page = await browser.Open("stacks/" + Uri.EscapeDataString(CannedData.Markup), PageServer.Owner);
        await page.Alert.WaitForAsync();
        await NothingRan(page, shown: 1);
        await page.Tab.RouteAsync("**/v1/stacks?*", route => route.FulfillAsync(new()
        {
            Status = 400, ContentType = "application/problem+json", Body = new JsonObject { ["detail"] = CannedData.Markup }.ToJsonString(),
        }));
        await page.GoTo("My stacks");
        await page.Alert.GetByText("window.ran").WaitForAsync();
        await NothingRan(page, shown: 1);
    }

    /// <summary>The page's own defence: even one of its scripts cannot turn text into markup.</summary>
    [Fact]
    public async Task The_security_policy_stops_markup_that_a_faulty_script_would_insert()
    {
        await using var page = await browser.Open("balance");
        await page.Settled();
        await Assert.ThrowsAsync<PlaywrightException>(
            () => page.Tab.EvaluateAsync("document.querySelector('main').innerHTML = '<img src=x onerror=\"window.ran=1\">'"));
        Assert.False(await page.Tab.EvaluateAsync<bool>("'ran' in window"));
    }

    private static async Task NothingRan(OpenPage page, int shown)
    {
        Assert.False(await page.Tab.EvaluateAsync<bool>("'ran' in window"));
        Assert.Equal(0, await page.Tab.Locator("main :is(img, script, svg:not(.spark), iframe, object)").CountAsync());
        var text = (await page.Tab.Locator("main").TextContentAsync())!;
        Assert.True(text.Split("window.ran").Length - 1 >= shown,
            $"The markup is shown {text.Split("window.ran").Length - 1} times, not {shown}.");
        page.HasNoProblem();
    }

    private static void Poison(JsonNode node, string name)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                if (array[i] is JsonValue value && value.TryGetValue<string>(out _)) array[i] = CannedData.Markup;
                else if (array[i] is { } item) Poison(item, name);
            }
        }
        else if (node is JsonObject map)
        {
            foreach (var (key, value) in map.ToList())
            {
                // The page interprets these as days or as one of a few words.
                if (key is "day" or "from" or "to" or "by" or "kind" or "do" or "month" or "months") continue;
                if (value is JsonValue text && text.TryGetValue<string>(out _)) map[key] = CannedData.Markup;
                else if (value is not null) Poison(value, key);
            }

            // Objects whose member names are data.
            if (name is "versions" or "systems" or "dropped" or "stripped" or "labels" or "sums" && map.Count > 0)
            {
                var first = map.First();
                map.Remove(first.Key);
                map[CannedData.Markup] = first.Value!.DeepClone();
            }
        }
    }
}
