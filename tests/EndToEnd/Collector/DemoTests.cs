namespace Collector.Tests.EndToEnd.Collector;

public sealed class DemoTests
{
    [SkippableFact]
    public async Task A_demo_fills_every_view_over_TLS_and_a_slow_network()
    {
        await using var network = new SlowNetwork();
        await using var collector = await RunningCollector.Run(
            new RunningCollectorOptions { Arguments = ["--demo"], Proxy = network.InFrontOf, Environment = network.Environment });
        Assert.True(await Eventually.True(() =>
            collector.Output.Any(line => line.StartsWith("demo: 300 sessions", StringComparison.Ordinal)), seconds: 180));
        var requests = await Eventually.Get(() => collector.Usage("requests?by=service"), usage => (long)usage["total"]!["calls"]! > 5_000);
        Assert.True((long)requests["total"]!["calls"]! > 5_000, "calls");
        Assert.True(requests["rows"]!.AsArray().Count > 10, "services");
        var cli = await Eventually.Get(() => collector.Usage("cli"), usage => (long)usage["total"]!["invocations"]! > 50);
        Assert.True((long)cli["total"]!["invocations"]! > 50, "commands");
        var features = await Eventually.Get(() => collector.Usage("features"), usage => (long)usage["total"]!["uses"]! > 50);
        Assert.True((long)features["total"]!["uses"]! > 50, "features");

        // A year of counts: a growing number of calls every day, and a summary of the past months.
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var year = await collector.Usage($"requests?by=day&from={today.AddDays(-364):yyyy-MM-dd}&to={today:yyyy-MM-dd}");
        var days = year["rows"]!.AsArray().Select(row => (long)row!["calls"]!).ToList();
        Assert.DoesNotContain(0, days);
        Assert.True(days[^90..].Sum() > days[..90].Sum(), "the last quarter has more calls than the first");
        using var published = await collector.Client.GetAsync(new Uri(collector.BaseAddress, "summary"));
        var summary = await published.Json();
        Assert.True(summary["months"]!.AsArray().Count >= 11, "months");
        Assert.NotEmpty(summary["services"]!.AsArray());
        Assert.NotEmpty(summary["versions"]!.AsArray());
        var ledger = await collector.Usage($"ledger?from={today.AddDays(-200):yyyy-MM-dd}&to={today:yyyy-MM-dd}");
        Assert.All(ledger["rows"]!.AsArray(), row => Assert.Equal(
            (long)row!["received"]!, (long)row["stored"]! + row["dropped"]!.AsObject().Sum(reason => (long)reason.Value!)));
        Assert.DoesNotContain(collector.Output, line => line.Contains("took longer than", StringComparison.Ordinal));
    }
}
