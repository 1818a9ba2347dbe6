namespace Collector.Observability;

/// <summary>
/// What one invocation has done, in numbers: never an event, an id, a kind of event or an address. The handler in charge finds its own with
/// <see cref="Current"/>; without one, as in most tests, nothing is noted. Safe for the parallel calls of one invocation.
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

    /// <summary>How it ended; set by the handler only where the answer's status does not say it.</summary>
    public string? Outcome { get; set; }

    /// <summary>Set by a handler that uses all the time it has and goes on in its next invocation: how much it used says nothing then.</summary>
    public bool UsesAllItsTime { get; set; }

    /// <summary>How long the oldest record of a stream batch, or the deletion that is due longest, has waited.</summary>
    public TimeSpan? Lag { get; set; }

    public TimeSpan Elapsed => time.GetElapsedTime(began);

    /// <summary>Calls of the store, its retries not counted apart.</summary>
    public int StoreCalls => storeCalls;

    /// <summary>Milliseconds of the store calls, the first <see cref="MaxValues"/>.</summary>
    public IReadOnlyList<double> StoreLatencies => storeLatencies;

    /// <summary>Numbers by name, in the order of their names: received, stored, duplicates, dropped_invalid, records …</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>Makes a report the one that this invocation, and what it starts from here on, notes into.</summary>
    public static void Enter(InvocationReport report) => Ambient.Value = report;

    /// <summary>Adds to a number. Zeros are kept too where the name is always there.</summary>
    public void Count(string name, long amount)
    {
        lock (gate) counts[name] = counts.GetValueOrDefault(name) + amount;
    }

    /// <summary>Events of a request: received = stored + duplicates + those dropped.</summary>
    public void Count(long received, long stored, long duplicates)
    {
        Count("received", received);
        Count("stored", stored);
        Count("duplicates", duplicates);
    }

    public void Dropped(string reason, long events = 1) => Count("dropped_" + reason, events);

    /// <summary>Notes how long a call of the store takes, whether it succeeds or not.</summary>
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
