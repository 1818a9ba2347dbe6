using Microsoft.Playwright;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>Debian's Chromium, headless, and the page's server, shared by all tests of the page.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    /// <summary>The limit for an action or expectation, in milliseconds: long, for busy machines.</summary>
    private const float Patience = 30_000;

    private IPlaywright? playwright;
    private IBrowser? chromium;

    internal PageServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        Server = await PageServer.Start();
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = "/usr/bin/chromium", ChromiumSandbox = false, Args = Flags });
    }

    public async Task DisposeAsync()
    {
        if (chromium is not null) await chromium.CloseAsync();
        playwright?.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Opens a new tab with a view (<c>stacks</c>), with the given credentials in its session storage.</summary>
    internal async Task<OpenPage> Open(
        string view, string? token = null, string? key = null, ColorScheme scheme = ColorScheme.Light, int width = 1280, Uri? stage = null)
    {
        var context = await chromium!.NewContextAsync(new()
        {
            ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, Locale = "en-GB", TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(Patience);
        // Only the first time: a credential that a test forgets stays forgotten.
        if (token is not null) await context.AddInitScriptAsync(
            $"if (!sessionStorage.length) sessionStorage.setItem('auth-token', '{token}')");
        if (key is not null) await context.AddInitScriptAsync(
            $"if (!sessionStorage.length) sessionStorage.setItem('operator-key', '{key}')");
        var page = new OpenPage(await context.NewPageAsync(), context);
        await page.Tab.GotoAsync(new Uri(stage ?? Server.Stage, "#/" + view).ToString());
        return page;
    }
}

[CollectionDefinition("page")]
public sealed class SharedBrowser : ICollectionFixture<Browser>;
