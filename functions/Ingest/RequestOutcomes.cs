using Collector.Observability;
using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// What became of the events of one request. The answer and the metrics are both made from it, and so agree; the ledger gets the same
/// outcomes with the log items (I6).
/// </summary>
internal sealed class RequestOutcomes
{
    private readonly Dictionary<Outcome, long> events = [];
    private readonly List<DroppedEvent> dropped = [];
    private readonly Dictionary<string, long> stripped = new(StringComparer.Ordinal);

    public void Add(Outcome outcome, long count = 1) => events[outcome] = events.GetValueOrDefault(outcome) + count;

    /// <summary>Adds a dropped event.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="index">Its place in the request, from 0.</param>
    /// <param name="name">Its name, if the policy knows it.</param>
    /// <param name="rest">How many events the entry stands for, when it is for all from that place on.</param>
    public void Drop(Outcome reason, int index, string? name, int? rest = null)
    {
        Add(reason, rest ?? 1);
        dropped.Add(new DroppedEvent(index, name, reason.Name(), rest));
    }

    /// <summary>Adds how often fields were taken off stored events, by event and path.</summary>
    public void Strip(IEnumerable<KeyValuePair<string, long>> fields)
    {
        foreach (var (field, times) in fields) stripped[field] = stripped.GetValueOrDefault(field) + times;
    }

    /// <param name="isIdempotent">False when the same request, sent again, counts again: then the answer says so.</param>
    public IngestResponse Answer(bool isIdempotent = true) =>
        new(Received, Stored, Duplicates, dropped, stripped, isIdempotent ? null : false);

    /// <summary>
    /// Adds the numbers to the invocation's metrics. Numbers alone: an event's kind would tell when somebody used a CLI (I4).
    /// </summary>
    public void Report()
    {
        if (InvocationReport.Current is not { } report) return;
        report.Count(Received, Stored, Duplicates);
        foreach (var (outcome, count) in events)
        {
            if (outcome is not (Outcome.Stored or Outcome.Duplicate)) report.Dropped(outcome.Name(), count);
        }
    }

    private long Received => events.Values.Sum();

    private long Stored => events.GetValueOrDefault(Outcome.Stored);

    private long Duplicates => events.GetValueOrDefault(Outcome.Duplicate);
}
