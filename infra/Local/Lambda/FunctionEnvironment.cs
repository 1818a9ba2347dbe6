using Collector.Local.Hosting;

namespace Collector.Local.Lambda;

/// <summary>
/// One process of a function, which handles one invocation at a time. It handles the Runtime API's requests (<see cref="Next"/>,
/// <see cref="Finish"/>, <see cref="FailInit"/>) and tells the pool when the process is free and when it has ended.
/// </summary>
internal sealed class FunctionEnvironment(string id, FunctionPool pool, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private ChildProcess? process;
    private TaskCompletionSource<Invocation>? waiting;
    private Invocation? current;
    private ITimer? deadline;
    private bool gone;

    public string Id => id;

    public int ProcessId => process?.Id ?? 0;

    /// <summary>Whether it has ever asked for an invocation.</summary>
    public bool Initialized { get; private set; }

    /// <summary>It has answered and is about to ask for its next invocation.</summary>
    public bool IsReturning
    {
        get
        {
            lock (gate)
                return Initialized && !gone && waiting is null && current is null;
        }
    }

    /// <summary>When the current invocation times out and the process is killed.</summary>
    public DateTimeOffset Deadline { get; private set; }

    /// <summary>Starts the process and watches it.</summary>
    /// <param name="initLimit">The longest time until it asks for its first invocation.</param>
    public void Start(Func<ChildProcess> start, TimeSpan initLimit)
    {
        process = start();
        _ = process.Exited.ContinueWith(_ => Gone(InvocationOutcome.Died), TaskScheduler.Default);
        lock (gate)
        {
            if (!Initialized && !gone)
                deadline = time.CreateTimer(_ => Gone(InvocationOutcome.InitFailed), null, initLimit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The Runtime API's <c>next</c>: the process is free and waits for its next invocation.</summary>
    public async Task<Invocation> Next(CancellationToken aborted)
    {
        TaskCompletionSource<Invocation> mine;
        Invocation? unanswered;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(gone, this);
            unanswered = current;
            current = null;
            StopDeadline();
            Initialized = true;
            mine = waiting = new TaskCompletionSource<Invocation>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // A runtime that asks for the next invocation before it has answered has lost the current one.
        unanswered?.End(InvocationOutcome.FunctionError);
        pool.Free(this);
        return await mine.Task.WaitAsync(aborted);
    }

    /// <summary>Gives an invocation to the waiting process. False when the process has ended or does not wait.</summary>
    public bool TryGive(Invocation invocation, TimeSpan limit)
    {
        lock (gate)
        {
            if (gone || waiting is not { } taker)
                return false;
            waiting = null;
            current = invocation;
            Deadline = time.GetUtcNow() + limit;
            deadline = time.CreateTimer(_ => Gone(InvocationOutcome.TimedOut), null, limit, Timeout.InfiniteTimeSpan);
            taker.SetResult(invocation);
            return true;
        }
    }

    /// <summary>The Runtime API's <c>response</c> and <c>error</c>. False if it is not the current invocation.</summary>
    public bool Finish(string requestId, InvocationOutcome outcome, ReadOnlyMemory<byte> answer)
    {
        Invocation ended;
        lock (gate)
        {
            if (current is null || current.RequestId != requestId)
                return false;
            ended = current;
            current = null;
            StopDeadline();
        }

        return ended.End(outcome, answer);
    }

    /// <summary>The Runtime API's <c>init/error</c>.</summary>
    public void FailInit() => Gone(InvocationOutcome.InitFailed);

    public void Dispose() => Gone(InvocationOutcome.Died);

    private void Gone(InvocationOutcome outcome)
    {
        Invocation? lost;
        lock (gate)
        {
            if (gone)
                return;
            gone = true;
            lost = current;
            current = null;
            StopDeadline();
            waiting?.TrySetCanceled();
            waiting = null;
        }

        process?.Kill();
        pool.Gone(this, outcome);
        lost?.End(outcome);
    }

    private void StopDeadline()
    {
        deadline?.Dispose();
        deadline = null;
    }
}
