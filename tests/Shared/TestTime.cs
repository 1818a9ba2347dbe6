namespace Collector.Tests;

internal static class TestTime
{
    /// <summary>The time at which the clocks of tests start: that of the examples in protocol.md.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 7, 32, 46, TimeSpan.Zero);
}
