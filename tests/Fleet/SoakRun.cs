using Collector.Tests.Fleet.Faults;

namespace Collector.Tests.Fleet;

/// <summary>
/// Steady load for some minutes. The memory of each function process is sampled continuously, and must not grow in the second half.
/// </summary>
internal sealed class SoakRun(FleetOptions options, TextWriter output, TimeProvider time)
{
    /// <summary>The largest allowed growth, as a share.</summary>
    private const double MostGrowth = 0.10;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Returns the number of growing processes plus the number of differences from the truth.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        FunctionProcesses? processes = null;
        await using var collector = await OwnCollector.Start(
            found => new DynamoDbProxy(null, processes = found, null, null, time), shortTimeouts: false);
        var run = new FleetRun(options, collector.Running.Client, OwnCollector.OperatorKey, output, time);
        var memory = new Dictionary<int, (string Handler, List<long> Kilobytes)>();
        var began = time.GetTimestamp();
        await run.Begin();
        var sending = run.Send(stop);
        while (!sending.IsCompleted)
        {
            foreach (var id in processes!.All())
            {
                if (!memory.TryGetValue(id, out var known)) memory.Add(id, known = (FunctionProcesses.Handler(id), []));
                if (FunctionProcesses.Memory(id) is > 0 and var kilobytes) known.Kilobytes.Add(kilobytes);
            }

            await Task.WhenAny(sending, Task.Delay(Look, time, CancellationToken.None));
        }

        await sending;
        output.WriteLine(FormattableString.Invariant($"{time.GetElapsedTime(began).TotalMinutes:F1} minutes"));
        output.WriteLine("| function | process | first half, MB | second half, MB | growth |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        var grown = 0;
        var lived = memory.Where(m => m.Value.Kilobytes.Count >= 8).ToList();
        foreach (var (id, (handler, kilobytes)) in lived)
        {
            // Memory that a process takes at its start is not growth, so only the last two quarters of its life are compared. A process
            // with little work until then may still become as large as the others of its function.
            var (third, fourth) = (Mean(kilobytes, 0.5, 0.75), Mean(kilobytes, 0.75, 1));
            var largest = lived.Where(m => m.Value.Handler == handler).Max(m => Mean(m.Value.Kilobytes, 0.5, 0.75));
            var growth = (fourth - third) / third;
            if (fourth > largest * (1 + MostGrowth)) grown++;
            output.WriteLine(FormattableString.Invariant(
                $"| {handler} | {id} | {Mean(kilobytes, 0, 0.5) / 1024:F0} | {Mean(kilobytes, 0.5, 1) / 1024:F0} | {growth:P1} |"));
        }

        var comparison = await run.Compare();
        comparison.Print(output);
        return grown + comparison.Differences.Count;
    }

    private static double Mean(List<long> values, double from, double to) =>
        values.Skip((int)(values.Count * from)).Take((int)(values.Count * (to - from))).DefaultIfEmpty(0).Average();
}
