using System.Globalization;
using Collector.Storage;

namespace Collector.Insights;

/// <summary>
/// Reads the counters of many days. A month that is over is folded into one packed item when it is first asked for, and read from there ever after: a
/// year is then some forty reads instead of 365, and a sixth of the bytes or less.
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

    private const int ParallelReads = 16;

    /// <summary>Hands every number of the days on, one call at a time. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task Read(string kind, DateOnly from, DateOnly to, CounterSink sink)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var gate = new Lock();
        void Locked(string group, string attribute, ReadOnlySpan<DayCount> counts)
        {
            lock (gate) sink(group, attribute, counts);
        }

        var days = new List<(DateOnly Day, MonthFold? Fold)>();
        var folds = new List<MonthFold>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads };
        await Parallel.ForEachAsync(Months(from, to), options, async (month, _) =>
        {
            var first = month < from ? from : month;
            var last = month.AddMonths(1).AddDays(-1) is var end && end > to ? to : end;
            var many = last.DayNumber - first.DayNumber + 1 >= DaysWorthAMonth;
            var closed = month.AddMonths(1).AddDays(DaysUntilClosed) <= today;
            if (many && closed && await counters.ReadMonth(kind, month, Locked)) return;
            lock (gate)
            {
                MonthFold? fold = null;
                if (closed && first == month && last == end) folds.Add(fold = new MonthFold(month));
                for (var day = first; day <= last; day = day.AddDays(1)) days.Add((day, fold));
            }
        });
        await Parallel.ForEachAsync(days, options, async (day, _) => await ReadDay(kind, day.Day, today, (group, attribute, counts) =>
        {
            lock (gate)
            {
                sink(group, attribute, counts);
                day.Fold?.Add(group, attribute, counts[0]);
            }
        }));
        await Parallel.ForEachAsync(folds, options, async (fold, _) => await counters.Save(kind, fold));
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
}
