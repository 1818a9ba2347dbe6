using System.Globalization;
using Collector.Storage;

namespace Collector.Rollup;

/// <summary>
/// Makes of closed days what can be read fast and for long. A day's distinct machines are counted and kept, since their marks expire; a month's counters
/// become a few packed items of each kind: a year is then some forty reads instead of 365, and a tenth of the work.
/// </summary>
/// <remarks>
/// Each step reads what changes no more and writes the same whenever, and by whomever, it is done: nothing has to be locked, and a run that is broken off
/// leaves nothing to clear up. What is there says what is done.
/// </remarks>
/// <param name="marksKept">How long the marks of machines are kept.</param>
/// <param name="policyHash">The policy that what is folded is kept under.</param>
/// <param name="lookback">How many days it looks back.</param>
/// <param name="mostNumbers">Numbers of a month and kind that it takes into memory.</param>
internal sealed class RollupJob(CountersTable counters, TimeProvider time, TimeSpan marksKept, byte[] policyHash, int lookback = Limits.UsageDays, int mostNumbers = Limits.RollupNumbers)
{
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>Folds what is closed and isn't folded yet, until the deadline. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<RollupResult> Fold(DateTimeOffset deadline)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = today.AddDays(1 - lookback);
        var days = await Uncounted(first, today);
        var months = await Unfolded(first, today);
        // Before anything has been counted there is nothing to look through a year for.
        if ((days.Count == 0 && months.Count == 0) || await counters.IsEmpty()) return default;

        var counted = 0;
        await Parallel.ForEachAsync(days, Parallelism, async (day, _) =>
        {
            if (!HasTime()) return;
            var name = Name(day);
            await counters.SaveMachines(name, await counters.Count(CounterKey.DayMetric("machines", name)), policyHash);
            Interlocked.Increment(ref counted);
        });
        // A month of sessions keeps what is known of its days' machines: not before all is.
        if (counted < days.Count) return new RollupResult(counted, 0, days.Count - counted + months.Count);

        // Each by itself: what is too large, or takes too long, is passed over, and keeps none of the others from its turn.
        var folded = 0;
        var tooLarge = 0;
        foreach (var (kind, month) in months)
        {
            if (!HasTime()) break;
            if (await Fold(kind, month)) folded++;
            else tooLarge++;
        }

        return new RollupResult(counted, folded, months.Count - folded - tooLarge, tooLarge);

        bool HasTime() => time.GetUtcNow() < deadline;
    }

    private async Task<bool> Fold(string kind, DateOnly month)
    {
        var fold = new MonthRollup(month, mostNumbers);
        var gate = new Lock();
        var began = time.GetTimestamp();
        await Parallel.ForEachAsync(ClosedDays.Days(month, month.AddMonths(1).AddDays(-1)), Parallelism, async (day, _) =>
        {
            if (fold.IsTooLarge || time.GetElapsedTime(began) > Limits.RollupTurn) return;
            // What was written a moment ago, a day's machines, counts too.
            await counters.Read(
                CounterKey.DayMetric(kind, Name(day)), day.DayNumber, gate, (group, attribute, counts) => fold.Add(group, attribute, counts[0]), consistent: true);
        });
        if (fold.IsTooLarge || time.GetElapsedTime(began) > Limits.RollupTurn) return false;
        await counters.Save(kind, fold, policyHash);
        return true;
    }

    // Oldest first: their marks go first. Of a day whose marks may have begun to go, better no number than a wrong one.
    private async Task<List<DateOnly>> Uncounted(DateOnly first, DateOnly today)
    {
        var closed = new List<DateOnly>();
        foreach (var day in ClosedDays.Days(first, today))
        {
            if (ClosedDays.IsClosed(day, today) && CounterKey.HasAllMarks(day, today, marksKept)) closed.Add(day);
        }

        var known = await counters.Existing(closed.ConvertAll(KeyOf));
        return closed.FindAll(day => !known.Contains(KeyOf(day).Metric));

        static CounterKey KeyOf(DateOnly day) => CounterKey.MachinesOf(Name(day));
    }

    // Oldest first, as the days: the order doesn't depend on what was left over.
    private async Task<List<(string Kind, DateOnly Month)>> Unfolded(DateOnly first, DateOnly today)
    {
        var closed = new List<(string Kind, DateOnly Month)>();
        foreach (var month in ClosedDays.Months(first, today))
        {
            if (!ClosedDays.IsMonthClosed(month, today)) continue;
            foreach (var kind in CounterKey.RolledUpKinds) closed.Add((kind, month));
        }

        var folded = await counters.Existing(closed.ConvertAll(KeyOf));
        return closed.FindAll(month => !folded.Contains(KeyOf(month).Metric));

        static CounterKey KeyOf((string Kind, DateOnly Month) month) => MonthRollup.KeyOf(month.Kind, month.Month);
    }

    private static string Name(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
