using Collector.Local.Hosting;
using Collector.Local.Template;

namespace Collector.Local.Lambda;

/// <summary>
/// All processes of one function. The most recently used free process gets the next invocation. While invocations wait, more processes are
/// started, up to a limit; above it, invocations queue for a limited time.
/// </summary>
internal sealed class FunctionPool(
    FunctionDefinition function, Func<FunctionEnvironment, ChildProcess> start, FunctionPoolLimits limits, HostLog log, TimeProvider time)
    : IInvoker, IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<FunctionEnvironment> idle = [];
    private readonly LinkedList<Invocation> line = [];
    private readonly List<FunctionEnvironment> all = [];
    private readonly HashSet<FunctionEnvironment> starting = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource firstFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool stopped;

    public FunctionDefinition Function => function;

    /// <summary>Completes when a process has asked for its first invocation; false if the first process failed to start.</summary>
    public async Task<bool> Warm()
    {
        lock (gate)
        {
            if (all.Count == 0)
                StartOne();
        }

        await Task.WhenAny(ready.Task, firstFailed.Task);
        return ready.Task.IsCompleted;
    }

    public FunctionEnvironment? Find(string environmentId)
    {
        lock (gate)
            return all.Find(environment => environment.Id == environmentId);
    }

    /// <inheritdoc/>
    public async Task<InvocationResult> Invoke(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Payload.Length > LambdaLimits.PayloadBytes)
            return new InvocationResult(InvocationOutcome.TooLarge, default, invocation.RequestId);

        LinkedListNode<Invocation>? place = null;
        lock (gate)
        {
            if (stopped)
                return new InvocationResult(InvocationOutcome.Throttled, default, invocation.RequestId);
            if (!TryGiveToIdle(invocation))
            {
                place = line.AddLast(invocation);
                StartWhatIsNeeded();
            }
        }

        if (place is not null)
        {
            using var patience = new CancellationTokenSource(limits.QueueTime, time);
            await Task.WhenAny(invocation.Result, Task.Delay(Timeout.Infinite, patience.Token));
            lock (gate)
            {
                if (place.List is not null)
                {
                    line.Remove(place);
                    invocation.End(InvocationOutcome.Throttled);
                }
            }
        }

        return await invocation.Result.WaitAsync(cancellation);
    }

    /// <summary>An environment asks for its next invocation.</summary>
    public void Free(FunctionEnvironment environment)
    {
        lock (gate)
        {
            ready.TrySetResult();
            starting.Remove(environment);
            while (line.First is { } first)
            {
                line.RemoveFirst();
                if (first.Value.Result.IsCompleted)
                    continue;
                if (!environment.TryGive(first.Value, function.Timeout))
                    line.AddFirst(first);
                return;
            }

            idle.Push(environment);
        }
    }

    /// <summary>An environment's process has ended, or must be ended.</summary>
    public void Gone(FunctionEnvironment environment, InvocationOutcome why)
    {
        Invocation? unserved = null;
        lock (gate)
        {
            all.Remove(environment);
            var kept = idle.Where(other => other != environment).Reverse().ToArray();
            idle.Clear();
            foreach (var other in kept)
                idle.Push(other);
            var neverCameUp = starting.Remove(environment);
            if (neverCameUp)
            {
                firstFailed.TrySetResult();
                // Each failed start fails one waiting invocation, so that a function that cannot start is not retried for ever.
                if (line.First is { } first)
                {
                    line.RemoveFirst();
                    unserved = first.Value;
                }
            }

            if (!stopped)
            {
                log.Line($"{function.LogicalId} (pid {environment.ProcessId}) {(neverCameUp ? "did not start" : why switch
                {
                    InvocationOutcome.TimedOut => $"took longer than {function.Timeout.TotalSeconds} s and was stopped",
                    _ => "has ended",
                })}");
                StartWhatIsNeeded();
            }
        }

        unserved?.End(InvocationOutcome.InitFailed);
    }

    public void Dispose()
    {
        FunctionEnvironment[] ending;
        lock (gate)
        {
            stopped = true;
            ending = [.. all];
        }

        foreach (var environment in ending)
            environment.Dispose();
    }

    private bool TryGiveToIdle(Invocation invocation)
    {
        while (idle.TryPop(out var environment))
        {
            if (environment.TryGive(invocation, function.Timeout))
                return true;
        }

        return false;
    }

    private void StartWhatIsNeeded()
    {
        var returning = all.Count(environment => environment.IsReturning);
        while (starting.Count + returning < line.Count && all.Count < limits.Processes)
            StartOne();
    }

    private void StartOne()
    {
        var environment = new FunctionEnvironment(LambdaIds.New(), this, time);
        all.Add(environment);
        starting.Add(environment);
        _ = Task.Run(() =>
        {
            try
            {
                environment.Start(() => start(environment), limits.InitTime);
                log.Detail($"{function.LogicalId} started (pid {environment.ProcessId})");
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
            {
                log.Line($"{function.LogicalId}: {e.Message}");
                environment.FailInit();
            }
        });
    }
}
