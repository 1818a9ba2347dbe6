using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>Reads the counters of many days: a packed month in one read, other days one by one.</summary>
/// <param name="marksKept">How long the markers of machines are kept.</param>
internal sealed class UsageReader(CountersTable counters, TimeProvider time, TimeSpan marksKept)
{
    /// <summary>From this number of days on, reading the whole month is cheaper than reading the days.</summary>
    private const int DaysWorthAMonth = 4;

    /// <summary>
    /// A function has less than one processor, which this number of reads keeps busy. Each holds a page, whose numbers are ten
    /// times as large in memory.
    /// </summary>
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>Passes every number of the days to the sink, one call at a time. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task Read(Metric metric, DateOnly from, DateOnly to, CounterSink sink)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var gate = new Lock();
        var days = new List<DateOnly>();
        await Parallel.ForEachAsync(ClosedDays.Months(from, to), Parallelism, async (month, _) =>
        {
            var first = month < from ? from : month;
            var last = month.AddMonths(1).AddDays(-1) is var end && end > to ? to : end;
            var many = last.DayNumber - first.DayNumber + 1 >= DaysWorthAMonth;
            if (many && ClosedDays.IsMonthClosed(month, today) && await counters.ReadMonth(metric.Name, month, gate, sink)) return;
            lock (gate) days.AddRange(ClosedDays.Days(first, last));
        });
        await Parallel.ForEachAsync(days, Parallelism, async (day, _) => await ReadDay(metric, day, today, gate, sink));
    }

    private async Task ReadDay(Metric metric, DateOnly day, DateOnly today, Lock gate, CounterSink sink)
    {
        var name = Day.Of(day);
        var machines = false;
        await counters.Read(metric.OfDay(name), day.DayNumber, gate, (group, attribute, counts) =>
        {
            machines |= attribute == SessionMetric.MachinesKnown;
            sink(group, attribute, counts);
        });
        // Some of the markers may have expired: no number is better than a wrong one.
        if (metric != SessionMetric.Metric || machines || !SessionMetric.HasAllMachines(day, today, marksKept)) return;
        var count = await counters.Count(SessionMetric.Machines.OfDay(name));
        var group = SessionMetric.MachinesOf(name).Group;
        lock (gate)
        {
            sink(group, SessionMetric.MachineCount, [new DayCount(day.DayNumber, count)]);
            sink(group, SessionMetric.MachinesKnown, [new DayCount(day.DayNumber, 1)]);
        }
    }
}
