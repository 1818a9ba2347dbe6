using System.Text.Json;

namespace Collector.Tests.EndToEnd.Local;

/// <summary>Functions that the local host runs on a schedule.</summary>
public sealed class ScheduleTests(StubHost stub) : IClassFixture<StubHost>
{
    [SkippableFact]
    public async Task A_scheduled_function_is_invoked_when_the_host_starts()
    {
        RunningCollector.MustBeOfThisMachine();
        var ticks = Path.Combine(stub.Out, "ticks");
        Assert.True(await Eventually.True(() => File.Exists(ticks) && File.ReadAllText(ticks).EndsWith('\n')));
        using var tick = JsonDocument.Parse(File.ReadLines(ticks).First());
        Assert.Equal("Scheduled Event", tick.RootElement.GetProperty("detail-type").GetString());
    }
}
