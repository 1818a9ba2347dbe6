using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>axe-core finds no violation in any view, colour scheme or state.</summary>
[Collection("page")]
public sealed class AccessibilityTests(Browser browser)
{
    public static TheoryData<string, ColorScheme, int> Views()
    {
        var views = new TheoryData<string, ColorScheme, int>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var view in new[] { "sign-in", "refused", "empty", "stacks", "stack", "overview", "usage", "policy", "preview",
                "summary", "balance" }) views.Add(view, scheme, 1280);
            if (scheme == ColorScheme.Light) views.Add("stack", scheme, 360);
        }

        return views;
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Axe_finds_no_violation(string view, ColorScheme scheme, int width)
    {
        var address = view switch { "stack" => "stacks/" + browser.Server.Stacks[0].Session, "sign-in" or "empty" => "stacks", "refused" =>
            "usage", "overview" => "stacks/overview", "preview" => "policy", _ => view };
        await using var page = await browser.Open(
            address, view is "stacks" or "stack" or "overview" ? PageServer.Owner : view == "empty" ? PageServer.Nobody : null,
            view == "usage" ? PageServer.Operator : view == "refused" ? "wrong" : null, scheme, width);
        await page.Settled();
        if (view == "refused") await page.Alert.WaitForAsync();
        if (view == "preview")
        {
            await page.Button("A failing call").ClickAsync();
            await page.Table("Preview of aws_request").WaitForAsync();
        }

        await page.Unfold();
        if (view is not ("sign-in" or "refused" or "empty")) Assert.NotEqual(0, await page.Tab.GetByRole(AriaRole.Table).CountAsync());
        var found = await page.Tab.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.True(found.Violations.Length == 0,
            string.Join('\n',
            found.Violations.Select(v =>
            $"{v.Id}: {v.Help}\n  {string.Join("\n  ", v.Nodes.Take(5).Select(node => node.Html + " " + node.Any.FirstOrDefault()?.Message))}")));
        Assert.NotEmpty(found.Passes);
    }
}
