namespace Collector.Tests.EndToEnd.Collector;

public sealed class DemoTests
{
    [SkippableFact]
    public async Task A_demo_fills_every_view()
    {
        await using var collector = await RunningCollector.Run(new RunningCollectorOptions { Arguments = ["--demo"] });
        Assert.True(await Eventually.True(() => collector.Output.Any(line => line.StartsWith("demo: 300 sessions", StringComparison.Ordinal)), seconds: 180));
        var requests = await Eventually.Get(() => collector.Usage("requests?by=service"), usage => (long)usage["total"]!["calls"]! > 5_000);
        Assert.True((long)requests["total"]!["calls"]! > 5_000, "calls");
        Assert.True(requests["rows"]!.AsArray().Count > 10, "services");
        Assert.True((long)(await collector.Usage("cli"))["total"]!["invocations"]! > 50, "commands");
        Assert.True((long)(await collector.Usage("features"))["total"]!["uses"]! > 50, "features");
    }
}
