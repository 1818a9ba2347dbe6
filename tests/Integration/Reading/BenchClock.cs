namespace Collector.Tests.Integration.Reading;

/// <summary>A clock that stands where a test puts it.</summary>
internal sealed class BenchClock : TimeProvider
{
    private readonly Lock gate = new();

    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 7, 32, 46, TimeSpan.Zero);

    /// <summary>By how much it goes on when it is looked at.</summary>
    public TimeSpan Step { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return Now += Step;
    }
}
