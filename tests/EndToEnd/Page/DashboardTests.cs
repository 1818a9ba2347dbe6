using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>The files of the page as they are served.</summary>
[Collection("page")]
public sealed partial class DashboardTests(Browser browser)
{
    private readonly HttpClient client = new(
        new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = browser.Server.Stage };

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    public async Task A_file_is_served_in_the_best_encoding_that_the_client_accepts(string? accepted, string? encoding)
    {
        var plain = await Get("", null);
        using var answer = await Get("", accepted);
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        using Stream stream = encoding switch
        {
            "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            _ => new MemoryStream(bytes),
        };
        using var reader = new StreamReader(stream);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_file_that_the_client_has_is_not_sent_again()
    {
        var first = await Get("", "br");
        var tag = first.Headers.ETag!.Tag;
        foreach (var known in new[] { tag, $"\"other\", {tag}", "W/" + tag, "*" })
        {
            using var again = await Get("", "br", known);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Equal(tag, again.Headers.ETag!.Tag);
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }

        // Another encoding is another representation.
        using var other = await Get("", "gzip", tag);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Assets_are_cached_for_a_year_and_the_page_for_a_minute()
    {
        var page = await Get("", null);
        Assert.Equal("public, max-age=60", page.Headers.CacheControl!.ToString());
        var assets = Asset().Matches(await page.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal([".css", ".js", ".svg", ".woff2"], assets.Select(Path.GetExtension).Order(StringComparer.Ordinal));
        foreach (var asset in assets)
        {
            using var answer = await Get(asset, null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", Assert.Single(answer.Headers.GetValues("Cache-Control")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task The_security_policy_allows_only_this_host_and_one_inline_script()
    {
        using var page = await Get("", null);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'self' 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("assets/../index.html")]
    [InlineData("assets/%2e%2e/index.html")]
    [InlineData("assets/..%2f..%2fbootstrap")]
    [InlineData("assets/index.js")]
    [InlineData("assets/licenses.txt.br")]
    [InlineData("assets//etc/passwd")]
    public async Task Only_the_pages_own_files_are_served(string path)
    {
        // As API Gateway passes the path on: not resolved, still encoded.
        var answer = await browser.Server.Dashboard(path["assets/".Length..]);
        Assert.Equal(404, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Headers!["Content-Type"]);
    }

    [Fact]
    public async Task All_of_the_page_is_under_150_KB_compressed()
    {
        var named = Asset().Matches(await Text("")).Select(match => match.Groups[1].Value).ToList();
        foreach (var style in named.Where(name => name.EndsWith(".css", StringComparison.Ordinal)).ToList())
            named.AddRange(Url().Matches(await Text(style)).Select(match => "assets/" + match.Groups[1].Value).Except(named).ToList());
        Assert.Equal(["", ".css", ".js", ".svg", ".woff2"], named.Append("").Select(Path.GetExtension).Order(StringComparer.Ordinal));
        long sum = 0;
        foreach (var name in named.Append(""))
        {
            using var answer = await Get(name, "gzip");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            sum += (await answer.Content.ReadAsByteArrayAsync()).Length;
        }

        Assert.InRange(sum, 10_000, 150_000);
    }

    [Fact]
    public async Task The_licences_of_bundled_libraries_and_fonts_are_served()
    {
        var licences = await Text("assets/licenses.txt");
        Assert.Contains("Leon Sorokin", licences, StringComparison.Ordinal);
        Assert.Contains("SIL OPEN FONT LICENSE", licences, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> Text(string name)
    {
        using var answer = await Get(name, null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> Get(string path, string? accepted, string? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accepted is not null) request.Headers.Add("Accept-Encoding", accepted);
        if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return await client.SendAsync(request);
    }

    [GeneratedRegex("(?:src|href)=\"\\./(assets/[^\"]+)\"")]
    private static partial Regex Asset();

    [GeneratedRegex("url\\(\"?\\./([^\")]+)\"?\\)")]
    private static partial Regex Url();
}
