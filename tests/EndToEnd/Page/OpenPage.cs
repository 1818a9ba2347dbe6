using System.Globalization;
using Microsoft.Playwright;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>A tab with the page, and its problems: script errors, and violations of the security policy.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> problems = [];
    private readonly HashSet<string> hosts = [];

    public OpenPage(IPage tab, IBrowserContext context)
    {
        (Tab, this.context) = (tab, context);
        tab.PageError += (_, error) => problems.Add(error);
        tab.Console += (_, message) =>
        {
            // The console also reports answers with 4xx or 5xx; the tests check how the page handles them.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) problems.Add(
                message.Text);
        };
        tab.Request += (_, request) => hosts.Add(new Uri(request.Url).Authority);
    }

    public IPage Tab { get; }

    /// <summary>The hosts to which the page has sent requests.</summary>
    public IReadOnlyCollection<string> Hosts => hosts;

    public ILocator Heading(string name) => Tab.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public ILocator Button(string name) => Tab.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The table with this caption.</summary>
    public ILocator Table(string caption) => Tab.GetByRole(AriaRole.Table, new() { Name = caption, Exact = true });

    /// <summary>Clicks a view in the header.</summary>
    public Task GoTo(string view) => Tab.GetByRole(AriaRole.Navigation).GetByText(view, new() { Exact = true }).ClickAsync();

    /// <summary>An alert with text.</summary>
    public ILocator Alert => Tab.Locator("main [role=alert]:not(:empty)");

    /// <summary>Waits until nothing loads any more, and checks that nothing failed.</summary>
    public async Task Settled()
    {
        await Tab.WaitForFunctionAsync("() => document.querySelector('h1') && !document.querySelector('[aria-busy], .loading')");
        Assert.Empty(problems);
        Assert.Empty(await Tab.Locator(".state.error").AllTextContentsAsync());
    }

    /// <summary>Opens everything that can be unfolded.</summary>
    public Task Unfold() => Tab.EvaluateAsync("document.querySelectorAll('main details').forEach(details => { details.open = true })");

    /// <summary>The texts of a table's body, row by row.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> Rows(string caption)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var row in await Table(caption).Locator("tbody tr").AllAsync())
            rows.Add([.. (await row.Locator("th, td").AllTextContentsAsync()).Select(text => text.Trim())]);
        return rows;
    }

    /// <summary>The number in the last row of a table, in the named column.</summary>
    public async Task<long> Total(string caption, string column) => Number((await Column(caption, column, "tfoot")).Single());

    public async Task<long> Sum(string caption, string column) => (await Column(caption, column, "tbody")).Sum(Number);

    public static long Number(string text) => long.Parse(
        text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    public void HasNoProblem() => Assert.Empty(problems);

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private async Task<IReadOnlyList<string>> Column(string caption, string column, string part)
    {
        await Table(caption).WaitForAsync();
        var heads = await Table(caption).Locator("thead tr > *").AllTextContentsAsync();
        var at = heads.ToList().IndexOf(column) + 1;
        Assert.True(at > 0, $"The table {caption} has no column {column}.");
        return await Table(caption).Locator($"{part} tr > :nth-child({at})").AllTextContentsAsync();
    }
}
