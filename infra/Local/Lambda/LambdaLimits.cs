namespace Collector.Local.Lambda;

/// <summary>Lambda's own limits.</summary>
internal static class LambdaLimits
{
    /// <summary>The most that an event or a synchronous answer may have: 6 MB.</summary>
    public const int PayloadBytes = 6 * 1024 * 1024;
}

/// <summary>This machine's limits for each function.</summary>
/// <param name="Processes">The most processes at a time.</param>
/// <param name="QueueTime">How long an invocation waits for a process until it is throttled.</param>
/// <param name="InitTime">How long a process may take until it asks for its first invocation.</param>
internal sealed record FunctionPoolLimits(int Processes, TimeSpan QueueTime, TimeSpan InitTime);
