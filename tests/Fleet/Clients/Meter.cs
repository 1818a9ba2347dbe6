namespace Collector.Tests.Fleet.Clients;

/// <summary>The requests and events so far, and the duration of the answers.</summary>
internal sealed class Meter(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly List<double> milliseconds = [];
    private readonly long began = time.GetTimestamp();
    private long events;

    public long Start() => time.GetTimestamp();

    public void Answered(long start, int ofEvents)
    {
        lock (gate)
        {
            milliseconds.Add(time.GetElapsedTime(start).TotalMilliseconds);
            events += ofEvents;
        }
    }

    public override string ToString()
    {
        lock (gate)
        {
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            var sorted = milliseconds.Order().ToList();
            if (sorted.Count == 0) return "no answers yet";
            return FormattableString.Invariant(
                $"{sorted.Count} requests, {events} events, {sorted.Count / seconds:F0} requests/s, {events / seconds:F0} events/s, ms p50 {At(0.5):F0} p95 {At(0.95):F0} p99 {At(0.99):F0} max {sorted[^1]:F0}");

            double At(double part) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * part)];
        }
    }
}
