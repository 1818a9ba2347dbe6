using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests;

/// <summary>
/// A test clock on which waiting takes no time: whenever a timer is set, the clock advances to its due time.
/// </summary>
internal sealed class JumpingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentQueue<TimeSpan> waits = new();

    /// <summary>Whether the clock jumps; otherwise it waits for <see cref="FakeTimeProvider.Advance"/> like any test clock.</summary>
    public bool Jumps { get; set; } = true;

    /// <summary>The duration of each timer, in order.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => waits;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == Timeout.InfiniteTimeSpan) return timer;
        waits.Enqueue(dueTime);
        // On another thread, because the caller does not have its timer yet.
        if (Jumps) _ = Task.Run(() => Advance(dueTime));
        return timer;
    }
}
