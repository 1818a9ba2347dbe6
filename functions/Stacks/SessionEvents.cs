using System.Globalization;
using System.Text.Json;
using Collector.Api;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// Pages through the calls of a session in the order of the client's clock, which is the order of its log items. A page costs one query, or
/// a few more when the filter excludes most calls. After those it ends early, and the cursor continues from there.
/// </summary>
internal sealed class SessionEvents(CallsTable log, Cursors cursors)
{
    // Each reads at most a MB of the log: about 20,000 calls are examined for a page before it is returned incomplete.
    private const int MaxQueries = 6;

    public async Task<Page<StackEvent>> Page(OwnedSession session, EventFilter filter)
    {
        var list = $"events of {session.Id}, {(filter.NewestFirst ? "newest" : "oldest")} first";
        var place = cursors.Open(list, filter.Cursor) is { } opened ? EventPlace.Parse(opened) : null;
        var rows = new List<StackEvent>();
        var bytes = 0;
        var queries = 0;
        // Every item has at least one call: without a filter, as many items as rows are enough for a page.
        var most = filter.Limit + 1;
        Page<StackEvent> Ended(EventPlace at) => new(rows, cursors.Seal(list, at.ToString()));

        var rest = place is null ? ReceiptRange.All : filter.NewestFirst
            ? ReceiptRange.All.UpTo(place.Receipt) : ReceiptRange.All.From(place.Receipt);
        string? behind = null;
        do
        {
            // The filter's times are the server's. Items are sorted by the client's clock, which may have been changed meanwhile,
            // so every item is examined.
            var page = await log.Calls(session.Id, rest, behind, filter.From, filter.To, filter.NewestFirst, most);
            queries++;
            foreach (var item in page.Items)
            {
                var calls = Calls(item, filter.NewestFirst);
                for (var i = item.Receipt == place?.Receipt ? place.Calls : 0; i < calls.Count; i++)
                {
                    if (rows.Count == filter.Limit || bytes > Limits.PageBytes) return Ended(new EventPlace(item.Receipt, i));
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

    private static IReadOnlyList<LoggedCall> Calls(LoggedCalls item, bool newestFirst)
    {
        try
        {
            var calls = LogEntry.Unpack(item.Data).Calls ?? [];
            // A clock that was set back within a batch, as on one day each autumn, makes its calls go back too.
            var ordered = calls.OrderBy(call => call.ClientTime, StringComparer.Ordinal);
            return newestFirst ? [.. ordered.Reverse()] : [.. ordered];
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            // The Aggregator has counted it as unreadable; the rest of the session can still be read.
            return [];
        }
    }

    private static int Length(string? text) => (text?.Length ?? 0) * 2;

    /// <summary>Where a page ended: the log item, and how many of its calls were on the page, in the order of the list.</summary>
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
