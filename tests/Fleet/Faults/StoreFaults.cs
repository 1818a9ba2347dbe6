namespace Collector.Tests.Fleet.Faults;

/// <summary>Draws a fault for each call of a function to DynamoDB.</summary>
/// <param name="share">The share of calls that suffer a fault.</param>
internal sealed class StoreFaults(int seed, double share, FaultKinds kinds, FaultCount count, TimeProvider time)
{
    // A killed function has to start again, and a stopped one takes its whole timeout, so these faults are rare.
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan BetweenStops = TimeSpan.FromSeconds(20);

    private readonly StoreFault[] faults = [.. kinds.Of<StoreFault>().Where(fault => fault != StoreFault.Outage)];
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private long lastKill = time.GetTimestamp();
    private long lastStop = time.GetTimestamp();
    private long outageBegan;
    private TimeSpan outage;

    /// <summary>False disables all faults.</summary>
    public bool On { get; set; }

    /// <summary>Makes DynamoDB unavailable for this long, from now on.</summary>
    public void BeginOutage(TimeSpan length)
    {
        lock (gate) (outageBegan, outage) = (time.GetTimestamp(), length);
        count.Add("store", nameof(StoreFault.Outage), length.TotalSeconds.ToString("F0", System.Globalization.CultureInfo.InvariantCulture)
            + " s");
    }

    /// <param name="operation"><c>PutItem</c>, <c>UpdateItem</c> …</param>
    public StoreFault Next(string operation)
    {
        lock (gate)
        {
            if (!On) return StoreFault.None;
            if (time.GetElapsedTime(outageBegan) < outage) return StoreFault.Outage;
            if (faults.Length == 0 || random.NextDouble() >= share) return StoreFault.None;
            var fault = faults[random.Next(faults.Length)];
            if (fault is StoreFault.KilledBefore or StoreFault.KilledAfter && !Take(ref lastKill, BetweenKills)) fault =
                Instead(StoreFault.AnswerLost);
            if (fault == StoreFault.TimedOut && !Take(ref lastStop, BetweenStops)) fault = Instead(StoreFault.RequestLost);
            if (fault == StoreFault.None) return fault;
            count.Add("store", fault.ToString(), fault is StoreFault.KilledBefore or StoreFault.KilledAfter ? operation : "");
            return fault;
        }
    }

    private StoreFault Instead(StoreFault other) => faults.Contains(other) ? other : StoreFault.None;

    private bool Take(ref long last, TimeSpan between)
    {
        if (time.GetElapsedTime(last) < between) return false;
        last = time.GetTimestamp();
        return true;
    }
}
