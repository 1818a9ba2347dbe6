using System.Security.Cryptography;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// The log items of one request: one for each kind and session, or more when it brings more than an item may hold, by number (one update of
/// a counter item takes some 200 attributes) or by size.
/// </summary>
internal sealed class LogBatch(ReadOnlyMemory<byte> body, Fingerprints fingerprints)
{
    private readonly byte[] digest = SHA256.HashData(body.Span);
    private readonly List<LogItem> items = [];
    private readonly Dictionary<string, OpenItem> open = new(StringComparer.Ordinal);

    public IReadOnlyList<LogItem> Items => items;

    /// <summary>Adds a clean event, whole, and counts it and its stripped fields in the balance of the item it begins in.</summary>
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
            _ => throw new ArgumentException("sessions have a table of their own", nameof(clean)),
        };
        balance.Stored++;
        balance.Strip(stripped);
    }

    /// <summary>
    /// Counts dropped events, in an item that holds nothing else: a reason must not be beside a session's calls or a command.
    /// </summary>
    public void Drop(Outcome reason, long events = 1) =>
        Put<object?>(LogKind.Ledger, "ledger", int.MaxValue, [null], static _ => 0, static (_, _) => { }).Drop(reason.Name(), events);

    // Its uses, and two attributes for each sum that has a histogram.
    private static int Attributes(CleanEvent.FeatureUse use)
    {
        var attributes = 1;
        foreach (var sum in use.Sums) attributes += sum.Histogram ? 2 : 1;
        return attributes;
    }

    /// <param name="most">How many attributes of one counter item the entries of a log item may bring.</param>
    /// <param name="attributes">How many an entry brings, at most.</param>
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
