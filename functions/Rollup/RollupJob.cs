using Collector.Metrics;
using Collector.Storage;

namespace Collector.Rollup;

/// <summary>
/// Prepares closed days for fast reading and long storage, and removes data that is no longer needed. It counts a day's distinct machines
/// and stores the number, because their markers expire, and it removes the checkpoints from the day's items. It packs a month's counters
/// into a few items for each metric: a year then takes about forty reads instead of 365, and a tenth of the work.
/// </summary>
/// <remarks>
/// Each step reads data that no longer changes and writes the same result in every run. So nothing must be locked, and an interrupted run
/// leaves nothing to clean up. The stored results show what is done; the number of machines is written last for a day.
/// </remarks>
/// <param name="marksKept">How long the markers of machines are kept.</param>
/// <param name="policyHash">The policy under which the results are stored.</param>
/// <param name="lookback">How many days back it looks.</param>
/// <param name="mostNumbers">The most numbers of one month and metric that it holds in memory.</param>
internal sealed class RollupJob(
    CountersTable counters, TimeProvider time, TimeSpan marksKept, byte[] policyHash, int lookback = Limits.UsageDays,
    int mostNumbers = Limits.RollupNumbers)
{
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>
    /// Closes days and packs months that are closed and not done yet, until the deadline. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<RollupResult> Run(DateTimeOffset deadline)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = today.AddDays(1 - lookback);
        var days = await NotClosed(first, today);
        var months = await NotPacked(first, today);
        // If nothing has been counted yet, there is no year to look through.
        if ((days.Count == 0 && months.Count == 0) || await counters.IsEmpty()) return default;

        var closed = 0;
        await Parallel.ForEachAsync(days, Parallelism, async (day, _) =>
        {
            if (!HasTime()) return;
            await Close(Day.Of(day));
            Interlocked.Increment(ref closed);
        });
        // A packed month of sessions includes its days' numbers of machines, so all days must be closed first.
        if (closed < days.Count) return new RollupResult(closed, 0, days.Count - closed + months.Count);

        // Each month by itself: one that is too large or takes too long is left out, and the others still get their turn.
        var packed = 0;
        var tooLarge = 0;
        foreach (var (metric, month) in months)
        {
            if (!HasTime()) break;
            if (await Pack(metric, month)) packed++;
            else tooLarge++;
        }

        return new RollupResult(closed, packed, months.Count - packed - tooLarge, tooLarge);

        bool HasTime() => time.GetUtcNow() < deadline;
    }

    private async Task Close(string day)
    {
        foreach (var metric in AllMetrics.ShownByDay) await counters.RemoveCheckpoints(metric.OfDay(day));
        var machines = await counters.Count(SessionMetric.Machines.OfDay(day));
        await counters.Save(SessionMetric.MachinesOf(day), SessionMetric.KnownMachines(machines), policyHash);
    }

    // False when the month is too large or took too long.
    private async Task<bool> Pack(Metric metric, DateOnly month)
    {
        var rollup = new MonthRollup(month, mostNumbers);
        var gate = new Lock();
        var began = time.GetTimestamp();
        await Parallel.ForEachAsync(ClosedDays.Days(month, month.AddMonths(1).AddDays(-1)), Parallelism, async (day, _) =>
        {
            if (rollup.IsTooLarge || time.GetElapsedTime(began) > Limits.RollupTurn) return;
            // The number of a day's machines may have been written a moment ago, and must be included.
            await counters.Read(
                metric.OfDay(Day.Of(day)),
                day.DayNumber,
                gate,
                (group, attribute, counts) => rollup.Add(group, attribute, counts[0]),
                consistent: true);
        });
        if (rollup.IsTooLarge || time.GetElapsedTime(began) > Limits.RollupTurn) return false;
        await counters.Save(metric.Name, rollup, policyHash);
        return true;
    }

    // Oldest first, because their markers expire first. A day whose markers may have begun to expire is left out: no number is
    // better than a wrong one.
    private async Task<List<DateOnly>> NotClosed(DateOnly first, DateOnly today)
    {
        var over = new List<DateOnly>();
        foreach (var day in ClosedDays.Days(first, today))
        {
            if (ClosedDays.IsClosed(day, today) && SessionMetric.HasAllMachines(day, today, marksKept)) over.Add(day);
        }

        var done = await counters.Existing(over.ConvertAll(KeyOf));
        return over.FindAll(day => !done.Contains(KeyOf(day).Metric));

        static CounterKey KeyOf(DateOnly day) => SessionMetric.MachinesOf(Day.Of(day));
    }

    // Oldest first, like the days, so that the order does not depend on what was left over.
    private async Task<List<(Metric Metric, DateOnly Month)>> NotPacked(DateOnly first, DateOnly today)
    {
        var closed = new List<(Metric Metric, DateOnly Month)>();
        foreach (var month in ClosedDays.Months(first, today))
        {
            if (!ClosedDays.IsMonthClosed(month, today)) continue;
            foreach (var metric in AllMetrics.ShownByDay) closed.Add((metric, month));
        }

        var packed = await counters.Existing(closed.ConvertAll(KeyOf));
        return closed.FindAll(month => !packed.Contains(KeyOf(month).Metric));

        static CounterKey KeyOf((Metric Metric, DateOnly Month) month) => MonthRollup.KeyOf(month.Metric.Name, month.Month);
    }
}
