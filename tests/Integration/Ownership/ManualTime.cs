namespace Collector.Tests.Integration.Ownership;

/// <summary>A clock that goes on when a test says so, or (<see cref="Jumps"/>) to the next timer as soon as somebody waits for one.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<Waiter> waiters = [];
    private DateTimeOffset now = start;

    /// <summary>Whether waiting takes no time: the clock goes on to whatever is waited for.</summary>
    public bool Jumps { get; set; }

    /// <summary>How many wait for this clock.</summary>
    public int Waiting
    {
        get
        {
            lock (waiters) return waiters.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (waiters) return now;
    }

    public void Advance(TimeSpan by)
    {
        Waiter[] due;
        lock (waiters)
        {
            now += by;
            due = [.. waiters.Where(w => w.Due <= now)];
            foreach (var waiter in due) waiters.Remove(waiter);
        }

        foreach (var waiter in due) waiter.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiter = new Waiter(this, () => callback(state));
        waiter.Change(dueTime, period);
        return waiter;
    }

    private void Add(Waiter waiter, TimeSpan dueTime)
    {
        lock (waiters)
        {
            waiters.Remove(waiter);
            if (dueTime < TimeSpan.Zero) return;
            waiter.Due = now + dueTime;
            waiters.Add(waiter);
        }

        // On another thread: whoever sets a timer doesn't expect it to be over before it is set.
        if (Jumps) _ = Task.Run(() => Advance(dueTime));
    }

    private sealed class Waiter(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Add(this, dueTime);
            return true;
        }

        public void Dispose()
        {
            lock (time.waiters) time.waiters.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
