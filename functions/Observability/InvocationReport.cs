namespace Collector.Observability;

/// <summary>
/// Collects the numbers of one invocation, and nothing else: no event, id, kind of event or address. <see cref="Current"/> is the report of
/// the current invocation; it is null outside of one, as in most tests. Safe for parallel calls.
/// </summary>
internal sealed class InvocationReport(TimeProvider clock)
{
    /// <summary>CloudWatch takes at most 100 values of a metric from one line (the embedded metric format's specification).</summary>
    public const int MaxValues = 100;

    private static readonly AsyncLocal<InvocationReport?> Ambient = new();

    private readonly Lock gate = new();
    private readonly List<double> storeLatencies = [];
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly TimeProvider time = clock;
    private readonly long began = clock.GetTimestamp();
    private int storeCalls;

    public static InvocationReport? Current => Ambient.Value;

    /// <summary>How the invocation ended. A handler sets it only if the answer's status does not show it.</summary>
    public string? Outcome { get; set; }

    /// <summary>
    /// Set by a handler that uses all its time and continues in its next invocation. The metric of used time is then meaningless and left
    /// out.
    /// </summary>
    public bool UsesAllItsTime { get; set; }

    /// <summary>
    /// Set by a handler that a schedule invoked and that found nothing to do. Its log line then produces no metrics, because CloudWatch
    /// charges for each by the hour and no alarm needs them.
    /// </summary>
    public bool IsIdle { get; set; }

    /// <summary>How long the oldest record of a stream batch, or the most overdue deletion, has waited.</summary>
    public TimeSpan? Lag { get; set; }

    public TimeSpan Elapsed => time.GetElapsedTime(began);

    /// <summary>The number of store calls. A call and its retries count as one.</summary>
    public int StoreCalls => storeCalls;

    /// <summary>How long the store calls took, in milliseconds; the first <see cref="MaxValues"/> of them.</summary>
    public IReadOnlyList<double> StoreLatencies => storeLatencies;

    /// <summary>Numbers by name, sorted by name: received, stored, duplicates, dropped_invalid, records …</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>Makes a report the current one for this invocation and everything it starts from here on.</summary>
    public static void Enter(InvocationReport report) => Ambient.Value = report;

    /// <summary>Adds an amount to a number. The number is reported even if the amount is 0.</summary>
    public void Count(string name, long amount)
    {
        lock (gate) counts[name] = counts.GetValueOrDefault(name) + amount;
    }

    /// <summary>The events of a request: received = stored + duplicates + dropped.</summary>
    public void Count(long received, long stored, long duplicates)
    {
        Count("received", received);
        Count("stored", stored);
        Count("duplicates", duplicates);
    }

    public void Dropped(string reason, long events = 1) => Count("dropped_" + reason, events);

    /// <summary>Records how long a store call takes, whether it succeeds or not.</summary>
    public static async Task<T> TimeStoreCall<T>(Func<Task<T>> call)
    {
        if (Current is not { } report) return await call();
        var start = report.time.GetTimestamp();
        try
        {
            return await call();
        }
        finally
        {
            report.StoreCall(start);
        }
    }

    private void StoreCall(long start)
    {
        var milliseconds = time.GetElapsedTime(start).TotalMilliseconds;
        lock (gate)
        {
            storeCalls++;
            if (storeLatencies.Count < MaxValues) storeLatencies.Add(milliseconds);
        }
    }
}
