using System.Globalization;
using Collector.Storage;

namespace Collector.Insights;

/// <summary>
/// Reads the counters of many days. A month that is over is folded into one packed item when it is first asked for, and read from there ever after: a
/// year is then some forty reads instead of 365, and a tenth of the work.
/// </summary>
/// <param name="marksKept">How long the marks of machines are kept; the count of a day is kept for good when it is first read.</param>
internal sealed class UsageReader(CountersTable counters, TimeProvider time, TimeSpan marksKept)
{
    /// <summary>
    /// Days after which nothing can be counted for a day any more: a stream record lives 24 hours, and an anonymous log item, from which a day could be
    /// counted again, two days.
    /// </summary>
    public const int DaysUntilClosed = 3;

    /// <summary>From so many days on, reading the whole month is cheaper than reading them.</summary>
    private const int DaysWorthAMonth = 4;

    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>Hands every number of the days on, one call at a time. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task Read(string kind, DateOnly from, DateOnly to, CounterSink sink)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var gate = new Lock();
        void Locked(string group, string attribute, ReadOnlySpan<DayCount> counts)
        {
            lock (gate) sink(group, attribute, counts);
        }

        var days = new List<DateOnly>();
        var unfolded = new List<DateOnly>();
        await Parallel.ForEachAsync(Months(from, to), Parallelism, async (month, _) =>
        {
            var first = month < from ? from : month;
            var last = month.AddMonths(1).AddDays(-1) is var end && end > to ? to : end;
            var many = last.DayNumber - first.DayNumber + 1 >= DaysWorthAMonth;
            var closed = month.AddMonths(1).AddDays(DaysUntilClosed) <= today;
            if (many && closed && await counters.ReadMonth(kind, month, Locked)) return;
            lock (gate)
            {
                if (closed && first == month && last == end) unfolded.Add(month);
                else days.AddRange(Days(first, last));
            }
        });
        await Parallel.ForEachAsync(days, Parallelism, async (day, _) => await ReadDay(kind, day, today, Locked));
        // One after the other: a request that runs out of time leaves the months behind it folded, for the next.
        foreach (var month in unfolded)
        {
            var fold = new MonthFold(month);
            await Parallel.ForEachAsync(Days(month, month.AddMonths(1).AddDays(-1)), Parallelism, async (day, _) => await ReadDay(kind, day, today, (group, attribute, counts) =>
            {
                lock (gate)
                {
                    sink(group, attribute, counts);
                    fold.Add(group, attribute, counts[0]);
                }
            }));
            await counters.Save(kind, fold);
        }
    }

    private async Task ReadDay(string kind, DateOnly day, DateOnly today, CounterSink sink)
    {
        var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var machines = false;
        await counters.Read(CounterKey.DayMetric(kind, name), day.DayNumber, (group, attribute, counts) =>
        {
            machines |= attribute == CounterAttributes.MachinesKnown;
            sink(group, attribute, counts);
        });
        // Some of the marks may be gone by now: better no number than a wrong one.
        if (kind != "sessions" || machines || day.DayNumber + (int)marksKept.TotalDays <= today.DayNumber) return;
        var count = await counters.Count(CounterKey.DayMetric("machines", name));
        var group = CounterKey.MachinesOf(name).Group;
        sink(group, CounterAttributes.Machines, [new DayCount(day.DayNumber, count)]);
        sink(group, CounterAttributes.MachinesKnown, [new DayCount(day.DayNumber, 1)]);
        if (day.AddDays(1 + DaysUntilClosed) <= today) await counters.SaveMachines(name, count);
    }

    private static IEnumerable<DateOnly> Months(DateOnly from, DateOnly to)
    {
        for (var month = new DateOnly(from.Year, from.Month, 1); month <= to; month = month.AddMonths(1)) yield return month;
    }

    private static IEnumerable<DateOnly> Days(DateOnly from, DateOnly to)
    {
        for (var day = from; day <= to; day = day.AddDays(1)) yield return day;
    }
}
