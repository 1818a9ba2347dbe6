namespace Collector.Tests.EndToEnd.Collector;

public sealed class DemoTests
{
    [SkippableFact]
    public async Task A_demo_fills_every_view()
    {
        await using var collector = await RunningCollector.Run(new RunningCollectorOptions { Arguments = ["--demo"] });
        Assert.True(await Eventually.True(() =>
            collector.Output.Any(line => line.StartsWith("demo: 300 sessions", StringComparison.Ordinal)), seconds: 180));
        var requests = await Eventually.Get(() => collector.Usage("requests?by=service"), usage => (long)usage["total"]!["calls"]! > 5_000);
        Assert.True((long)requests["total"]!["calls"]! > 5_000, "calls");
        Assert.True(requests["rows"]!.AsArray().Count > 10, "services");
        var cli = await Eventually.Get(() => collector.Usage("cli"), usage => (long)usage["total"]!["invocations"]! > 50);
        Assert.True((long)cli["total"]!["invocations"]! > 50, "commands");
        var features = await Eventually.Get(() => collector.Usage("features"), usage => (long)usage["total"]!["uses"]! > 50);
        Assert.True((long)features["total"]!["uses"]! > 50, "features");
    }
}
