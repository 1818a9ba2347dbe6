using System.Security.Cryptography;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// The log items of one request: one for each kind and session, or more if the request exceeds an item's limit on attributes (one update of
/// a counter item has at most 200) or on size.
/// </summary>
internal sealed class LogBatch(ReadOnlyMemory<byte> body, Fingerprints fingerprints)
{
    private readonly byte[] digest = SHA256.HashData(body.Span);
    private readonly List<LogItem> items = [];
    private readonly Dictionary<string, OpenItem> open = new(StringComparer.Ordinal);

    public IReadOnlyList<LogItem> Items => items;

    /// <summary>
    /// Adds all parts of a clean event. The event and its stripped fields are counted in the log item with its first part.
    /// </summary>
    public void Add(CleanEvent clean, IReadOnlyCollection<KeyValuePair<string, int>> stripped)
    {
        var balance = clean switch
        {
            CleanEvent.Call call => Put(
                LogKind.Calls, "calls of " + call.SessionId, Limits.CallsPerLogItem, [call], static _ =>
                    1, static (item, entry) => item.Add(entry)),
            CleanEvent.Counts counts => Put(
                LogKind.Counts, "counts", Limits.EntriesPerLogItem, counts.Entries, static _ => 1, static (item, entry) => item.Add(entry)),
            CleanEvent.Cli cli => Put(
                LogKind.Cli, "cli", Limits.EntriesPerLogItem, [cli], static _ => 1, static (item, entry) => item.Add(entry)),
            CleanEvent.Features features => Put(
                LogKind.Features, "features", Limits.EntriesPerLogItem, features.Uses, Attributes, static (item, entry) => item.Add(entry)),
            _ => throw new ArgumentException("sessions have their own table", nameof(clean)),
        };
        balance.Stored++;
        balance.Strip(stripped);
    }

    /// <summary>
    /// Counts dropped events in a separate log item, so that a reason is never stored next to a session's calls or a command.
    /// </summary>
    public void Drop(Outcome reason, long events = 1) =>
        Put<object?>(LogKind.Ledger, "ledger", int.MaxValue, [null], static _ => 0, static (_, _) => { }).Drop(reason.Name(), events);

    // One attribute for the uses, one for each sum, and another one for each histogram.
    private static int Attributes(CleanEvent.FeatureUse use)
    {
        var attributes = 1;
        foreach (var sum in use.Sums) attributes += sum.Histogram ? 2 : 1;
        return attributes;
    }

    /// <param name="most">The most attributes of one counter item that the entries of a log item may add.</param>
    /// <param name="attributes">The most attributes that an entry adds.</param>
    private OutcomeCounts Put<T>(
        LogKind kind, string purpose, int most, IReadOnlyList<T> entries, Func<T, int> attributes, Action<LogItem, T> add)
    {
        OutcomeCounts? first = null;
        foreach (var entry in entries)
        {
            var more = attributes(entry);
            if (!open.TryGetValue(purpose, out var current)) open.Add(purpose, current = new OpenItem());
            if (current.Item is null || current.Attributes + more > most || current.Item.JsonBytes >= Limits.LogItemJsonBytes)
            {
                current.Item = new LogItem(kind, fingerprints.Receipt(purpose, digest, current.Parts++));
                current.Attributes = 0;
                items.Add(current.Item);
            }

            add(current.Item, entry);
            current.Attributes += more;
            first ??= current.Item.OutcomeCounts;
        }

        return first!;
    }

    private sealed class OpenItem
    {
        public LogItem? Item { get; set; }

        public int Attributes { get; set; }

        public int Parts { get; set; }
    }
}
