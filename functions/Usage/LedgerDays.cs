using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>
/// The days of the ledger that this process has read. Each is read at most once a minute, however many requests ask for it, and a closed
/// day only once, because it no longer changes. Only the last <see cref="Limits.UsageDays"/> days can be requested, so this stays small.
/// </summary>
internal sealed class LedgerDays(UsageReader reader, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<DateOnly, Day> known = [];

    /// <summary>Passes the numbers of the days to the sink. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task Read(DateOnly from, DateOnly to, CounterSink sink)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        // Nothing has been counted for a day that has not begun.
        var days = ClosedDays.Days(from, to < today ? to : today).ToList();
        var stale = days.FindAll(day => !IsFresh(day, now));
        if (stale.Count > 0) await Refresh(stale[0], stale[^1], now);
        lock (gate)
        {
            foreach (var day in days)
            {
                foreach (var (attribute, number) in known.GetValueOrDefault(day)?.Numbers ?? []) sink(
                    "", attribute, [new DayCount(day.DayNumber, number)]);
            }
        }
    }

    private bool IsFresh(DateOnly day, DateTimeOffset now)
    {
        lock (gate)
        {
            return known.TryGetValue(day, out var read)
                && (now - read.At < Limits.PublicAnswers || ClosedDays.IsClosed(day, DateOnly.FromDateTime(read.At.UtcDateTime)));
        }
    }

    private async Task Refresh(DateOnly from, DateOnly to, DateTimeOffset now)
    {
        var read = ClosedDays.Days(from, to).ToDictionary(day => day.DayNumber, _ => new Day(now, new(StringComparer.Ordinal)));
        await reader.Read(LedgerMetric.Metric, from, to, (_, attribute, counts) =>
        {
            foreach (var (day, number) in counts)
            {
                // A packed month is read as a whole, with days that were not requested.
                if (read.TryGetValue(day, out var numbers)) numbers.Numbers[attribute] = numbers.Numbers.GetValueOrDefault(attribute)
                    + number;
            }
        });
        lock (gate)
        {
            foreach (var (day, numbers) in read) known[DateOnly.FromDayNumber(day)] = numbers;
        }
    }

    private sealed record Day(DateTimeOffset At, Dictionary<string, long> Numbers);
}
