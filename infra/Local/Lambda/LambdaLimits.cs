namespace Collector.Local.Lambda;

/// <summary>Lambda's own limits.</summary>
internal static class LambdaLimits
{
    /// <summary>The largest event and the largest synchronous answer: 6 MB.</summary>
    public const int PayloadBytes = 6 * 1024 * 1024;
}

/// <summary>This machine's limits for each function.</summary>
/// <param name="Processes">The maximum number of processes at a time.</param>
/// <param name="QueueTime">How long an invocation waits for a process before it is throttled.</param>
/// <param name="InitTime">The longest time until a process asks for its first invocation.</param>
internal sealed record FunctionPoolLimits(int Processes, TimeSpan QueueTime, TimeSpan InitTime);
