namespace Collector.Tests.Fleet.Clients;

/// <summary>The clients' clock, which runs faster than the machine's.</summary>
internal sealed class FleetClock(double speed, TimeProvider time)
{
    private readonly long began = time.GetTimestamp();
    private readonly DateTimeOffset start = time.GetUtcNow();

    /// <summary>
    /// When the run began; part of every id, so that a repeated run against one collector is not treated as the same run.
    /// </summary>
    public DateTimeOffset Start => start;

    /// <summary>The time that has passed on the clients' clocks since the run began.</summary>
    public TimeSpan Now => time.GetElapsedTime(began) * speed;

    public DateTime At(TimeSpan now) => (start + now).UtcDateTime;

    /// <summary>
    /// Waits until the clients' clock reaches this moment; returns at once when it has passed. Throws when the run is over.
    /// </summary>
    public async Task Until(TimeSpan moment, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if ((moment - Now) / speed is { } wait && wait > TimeSpan.Zero) await Task.Delay(wait, time, stop);
    }
}
