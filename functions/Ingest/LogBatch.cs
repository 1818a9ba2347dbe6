using System.Security.Cryptography;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// The log items of one request: one for each kind and session, or more when it brings more than an item may hold, since one update of a counter item
/// takes some 200 attributes (an expression is at most 4 KB of text).
/// </summary>
internal sealed class LogBatch(ReadOnlyMemory<byte> body, Fingerprints fingerprints)
{
    /// <summary>A Pro call may give a session's hour an operation, a user agent and a region: 60 calls, 182 attributes at most.</summary>
    public const int CallsPerItem = 60;

    /// <summary>Every other entry gives a counter item one attribute.</summary>
    public const int EntriesPerItem = 180;

    private readonly byte[] digest = SHA256.HashData(body.Span);
    private readonly List<LogItem> items = [];
    private readonly Dictionary<string, (LogItem Item, int Entries)> open = [];
    private readonly Dictionary<string, int> parts = [];

    public IReadOnlyList<LogItem> Items => items;

    /// <summary>Adds a clean event, whole, and counts it and its stripped fields in the balance of the item it begins in.</summary>
    public void Add(CleanEvent clean, IReadOnlyCollection<KeyValuePair<string, int>> stripped)
    {
        var balance = clean switch
        {
            CleanEvent.Call call => Put(LogKind.Calls, "calls of " + call.SessionId, CallsPerItem, [call], static (item, entry) => item.Add(entry)),
            CleanEvent.Counts counts => Put(LogKind.Counts, "counts", EntriesPerItem, counts.Entries, static (item, entry) => item.Add(entry)),
            CleanEvent.Cli cli => Put(LogKind.Cli, "cli", EntriesPerItem, [cli], static (item, entry) => item.Add(entry)),
            CleanEvent.Features features => Put(LogKind.Features, "features", EntriesPerItem, features.Uses, static (item, entry) => item.Add(entry)),
            _ => throw new ArgumentException("sessions have a table of their own", nameof(clean)),
        };
        balance.Stored++;
        balance.Strip(stripped);
    }

    /// <summary>Counts dropped events, in an item that holds nothing else: a reason must not stand beside a session's calls or a command.</summary>
    public void Drop(Outcome reason, long events = 1) =>
        Put<object?>(LogKind.Ledger, "ledger", int.MaxValue, [null], static (_, _) => { }).Drop(reason.Name(), events);

    private OutcomeCounts Put<T>(LogKind kind, string purpose, int most, IReadOnlyList<T> entries, Action<LogItem, T> add)
    {
        OutcomeCounts? first = null;
        foreach (var entry in entries)
        {
            if (!open.TryGetValue(purpose, out var current) || current.Entries >= most)
            {
                var part = parts.GetValueOrDefault(purpose);
                parts[purpose] = part + 1;
                current = (new LogItem(kind, fingerprints.Receipt(purpose, digest, part)), 0);
                items.Add(current.Item);
            }

            add(current.Item, entry);
            open[purpose] = (current.Item, current.Entries + 1);
            first ??= current.Item.OutcomeCounts;
        }

        return first!;
    }
}
