using Collector.Metrics;
using Collector.Storage;

namespace Collector.Rollup;

/// <summary>
/// Makes of closed days what can be read fast and for long, and what tells no more than it has to. A day's distinct machines are counted
/// and kept, since their marks expire, and its items lose their checkpoints, which nothing needs any more; a month's counters become a few
/// packed items of each metric: a year is then some forty reads instead of 365, and a tenth of the work.
/// </summary>
/// <remarks>
/// Each step reads what changes no more and writes the same whenever, and by whomever, it is done: nothing has to be locked, and a run that
/// is broken off leaves nothing to clear up. What is there says what is done; the number of machines is written last of a day.
/// </remarks>
/// <param name="marksKept">How long the marks of machines are kept.</param>
/// <param name="policyHash">The policy that what is packed is kept under.</param>
/// <param name="lookback">How many days it looks back.</param>
/// <param name="mostNumbers">How many numbers of a month of one metric it holds in memory.</param>
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
        // Before anything has been counted there is nothing to look through a year for.
        if ((days.Count == 0 && months.Count == 0) || await counters.IsEmpty()) return default;

        var closed = 0;
        await Parallel.ForEachAsync(days, Parallelism, async (day, _) =>
        {
            if (!HasTime()) return;
            await Close(Day.Of(day));
            Interlocked.Increment(ref closed);
        });
        // A month of sessions keeps what is known of its days' machines: not before all is.
        if (closed < days.Count) return new RollupResult(closed, 0, days.Count - closed + months.Count);

        // Each by itself: one that is too large, or takes too long, is left out, and the others still have their turn.
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

    // False when the month is too large, or took too long.
    private async Task<bool> Pack(Metric metric, DateOnly month)
    {
        var rollup = new MonthRollup(month, mostNumbers);
        var gate = new Lock();
        var began = time.GetTimestamp();
        await Parallel.ForEachAsync(ClosedDays.Days(month, month.AddMonths(1).AddDays(-1)), Parallelism, async (day, _) =>
        {
            if (rollup.IsTooLarge || time.GetElapsedTime(began) > Limits.RollupTurn) return;
            // What was written a moment ago, a day's machines, counts too.
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

    // Oldest first: their marks expire first. Of a day whose marks may have begun to expire, better no number than a wrong one.
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

    // Oldest first, as the days: the order doesn't depend on what was left over.
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
