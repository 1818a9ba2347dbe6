using System.Globalization;
using System.Text.Json;
using Collector.Api;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// Pages through the calls of a session, in the order of the client's clock, by which its log items stand. A page costs one query, more only when a
/// filter passes over much; then it ends early, and the cursor goes on from there.
/// </summary>
internal sealed class SessionEvents(EventsTable events, Cursors cursors)
{
    // A MB of log at most each: some 20,000 calls are looked at for a page before it is handed out as it is.
    private const int MaxQueries = 6;

    /// <summary>Bytes of a page's rows, roughly: an answer may have 6 MB, and messages and traces stand in it escaped twice.</summary>
    private const int MaxBytes = 2_000_000;

    public async Task<Page<StackEvent>> Page(OwnedSession session, EventFilter filter)
    {
        var list = $"events of {session.Id}, {(filter.NewestFirst ? "newest" : "oldest")} first";
        var place = cursors.Open(list, filter.Cursor) is { } opened ? EventPlace.Parse(opened) : null;
        var rows = new List<StackEvent>();
        var bytes = 0;
        var queries = 0;
        // Every item holds a call: as many items as rows are enough for a page that nothing is filtered from.
        var most = filter.Limit + 1;
        Page<StackEvent> Ended(EventPlace at) => new(rows, cursors.Seal(list, at.ToString()));

        var rest = place is null ? ReceiptRange.All : filter.NewestFirst ? ReceiptRange.All.UpTo(place.Receipt) : ReceiptRange.All.From(place.Receipt);
        string? behind = null;
        do
        {
            // Times are the server's, items stand by the client's clock, which may have been set meanwhile: only the items themselves tell.
            var page = await events.Calls(session.Id, rest, behind, filter.From, filter.To, filter.NewestFirst, most);
            queries++;
            foreach (var item in page.Items)
            {
                var calls = Calls(item, filter.NewestFirst);
                for (var i = item.Receipt == place?.Receipt ? place.Calls : 0; i < calls.Count; i++)
                {
                    if (rows.Count == filter.Limit || bytes > MaxBytes) return Ended(new EventPlace(item.Receipt, i));
                    if (!filter.Passes(calls[i])) continue;
                    rows.Add(StackEvent.Of(calls[i], item.At));
                    bytes += 400 + Length(calls[i].ErrMsg) + Length(calls[i].StackTrace);
                }
            }

            behind = page.Behind;
            if (behind is not null && (queries >= MaxQueries || rows.Count == filter.Limit)) return Ended(EventPlace.BehindOf(behind));
            most *= 4;
        }
        while (behind is not null);

        return new Page<StackEvent>(rows, null);
    }

    private static IReadOnlyList<LoggedCall> Calls(LoggedItem item, bool newestFirst)
    {
        try
        {
            var calls = LogEntry.Unpack(item.Data).Calls ?? [];
            // A clock that was set back within a batch, as on one day of autumn, makes its calls go back too.
            var ordered = calls.OrderBy(call => call.ClientTime, StringComparer.Ordinal);
            return newestFirst ? [.. ordered.Reverse()] : [.. ordered];
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            // The Aggregator has counted it as unreadable; the rest of the session can be read all the same.
            return [];
        }
    }

    private static int Length(string? text) => (text?.Length ?? 0) * 2;

    /// <summary>Where a page ended: the item, and how many of its calls are behind, in the order of the list.</summary>
    private sealed record EventPlace(string Receipt, int Calls)
    {
        public static EventPlace BehindOf(string receipt) => new(receipt, int.MaxValue);

        public static EventPlace Parse(string place)
        {
            var space = place.IndexOf(' ', StringComparison.Ordinal);
            return new EventPlace(place[(space + 1)..], int.Parse(place.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Calls} {Receipt}");
    }
}
