using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests;

/// <summary>
/// A test's clock on which waiting takes no time: whenever a timer is set, the clock is advanced to the moment at which it is due.
/// </summary>
internal sealed class JumpingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentQueue<TimeSpan> waits = new();

    /// <summary>Whether it jumps; otherwise it waits for <see cref="FakeTimeProvider.Advance"/> like any test clock.</summary>
    public bool Jumps { get; set; } = true;

    /// <summary>What each timer was set to, in order.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => waits;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == Timeout.InfiniteTimeSpan) return timer;
        waits.Enqueue(dueTime);
        // On another thread: the caller has not got its timer yet.
        if (Jumps) _ = Task.Run(() => Advance(dueTime));
        return timer;
    }
}
