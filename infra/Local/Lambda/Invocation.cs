namespace Collector.Local.Lambda;

/// <summary>How an invocation ended.</summary>
internal enum InvocationOutcome
{
    Succeeded,

    /// <summary>The function answered with an error.</summary>
    FunctionError,

    /// <summary>The process ended without an answer.</summary>
    Died,

    /// <summary>It took longer than the function's Timeout; the process was killed.</summary>
    TimedOut,

    /// <summary>No process started.</summary>
    InitFailed,

    /// <summary>All processes were busy for too long.</summary>
    Throttled,

    /// <summary>The event is over 6 MB.</summary>
    TooLarge,
}

/// <param name="Payload">The function's answer, or its error document; otherwise empty.</param>
internal sealed record InvocationResult(InvocationOutcome Outcome, ReadOnlyMemory<byte> Payload, string RequestId)
{
    public bool Succeeded => Outcome == InvocationOutcome.Succeeded;
}

/// <summary>One event for a function, and the result of its invocation.</summary>
internal sealed class Invocation(string requestId, ReadOnlyMemory<byte> payload, string traceId)
{
    private readonly TaskCompletionSource<InvocationResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string RequestId => requestId;

    public string TraceId => traceId;

    public ReadOnlyMemory<byte> Payload => payload;

    public Task<InvocationResult> Result => result.Task;

    /// <summary>Sets the result; false if it is already set.</summary>
    public bool End(InvocationOutcome outcome, ReadOnlyMemory<byte> answer = default) =>
        result.TrySetResult(new InvocationResult(outcome, answer, requestId));
}
