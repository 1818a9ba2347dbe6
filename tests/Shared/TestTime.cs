namespace Collector.Tests;

internal static class TestTime
{
    /// <summary>Where the clocks of tests start: the time of protocol.md's examples.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 7, 32, 46, TimeSpan.Zero);
}
