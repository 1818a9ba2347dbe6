using Collector.Observability;
using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// The outcomes of the events of one request. The answer and the metrics are both created from them and therefore agree; the ledger gets
/// the same outcomes from the log items (I6).
/// </summary>
internal sealed class RequestOutcomes
{
    private readonly Dictionary<Outcome, long> events = [];
    private readonly List<DroppedEvent> dropped = [];
    private readonly Dictionary<string, long> stripped = new(StringComparer.Ordinal);

    public void Add(Outcome outcome, long count = 1) => events[outcome] = events.GetValueOrDefault(outcome) + count;

    /// <summary>Adds a dropped event.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="index">Its place in the request, from 0.</param>
    /// <param name="name">Its name, if the policy knows it.</param>
    /// <param name="rest">The number of events that the entry represents, if it is for all events from that place on.</param>
    public void Drop(Outcome reason, int index, string? name, int? rest = null)
    {
        Add(reason, rest ?? 1);
        dropped.Add(new DroppedEvent(index, name, reason.Name(), rest));
    }

    /// <summary>Adds the numbers of stripped fields of stored events, by event and path.</summary>
    public void Strip(IEnumerable<KeyValuePair<string, long>> fields)
    {
        foreach (var (field, times) in fields) stripped[field] = stripped.GetValueOrDefault(field) + times;
    }

    /// <param name="isIdempotent">False if sending the same request again counts it again; the answer then says so.</param>
    public IngestResponse Answer(bool isIdempotent = true) =>
        new(Received, Stored, Duplicates, dropped, stripped, isIdempotent ? null : false);

    /// <summary>
    /// Adds the numbers to the invocation's metrics, without the kinds of events: these would reveal when somebody used a CLI (I4).
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
