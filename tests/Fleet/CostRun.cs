using System.Globalization;
using Collector.Tests.Fleet.Faults;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet;

/// <summary>The cost of a fleet's traffic: DynamoDB's own <c>ConsumedCapacity</c> of every write, log and counters together.</summary>
internal sealed class CostRun(FleetOptions options, TextWriter output, TimeProvider time)
{
    /// <summary>The template's window, in seconds.</summary>
    private const double Window = 20;

    /// <summary>Returns the number of differences from the truth, because the cost of wrong counts would mean nothing.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var capacity = new Capacity();
        // The clients' clocks run faster, so the window must be shorter.
        var window = Math.Max(1, Math.Round(Window / options.Speed)).ToString(CultureInfo.InvariantCulture);
        await using var collector = await OwnCollector.Start(
            _ => new DynamoDbProxy(null, null, null, capacity, time), shortTimeouts: false, "--parameter", "AggregationWindowSeconds="
                + window,
            "--parameter", "AnonymousWindowSeconds=" + window);
        var differences = 0;
        foreach (var traffic in Enum.GetValues<Traffic>())
        {
            capacity.Clear();
            var run = new FleetRun(options with { Traffic = traffic }, collector.Running.Client, OwnCollector.OperatorKey, output, time);
            await run.Begin();
            await run.Send(stop);
            var comparison = await run.Compare();
            comparison.Print(output);
            differences += comparison.Differences.Count;
            Report(traffic, capacity, run.Truth);
        }

        return differences;
    }

    private void Report(Traffic traffic, Capacity capacity, KnownTruth truth)
    {
        output.WriteLine();
        output.WriteLine($"| {traffic}: write | calls | write units |");
        output.WriteLine("| --- | ---: | ---: |");
        foreach (var (what, calls, units) in capacity.Sums) output.WriteLine(
            FormattableString.Invariant($"| {what} | {calls} | {units:F0} |"));
        var sessions = Units("sessions") + Units("machines");
        var events = capacity.WriteUnits - sessions - Units("activations");
        var received = truth.Rows[Row.Received].Most;
        var told = truth.Rows.Where(row => row.Key.StartsWith("requests ", StringComparison.Ordinal)).Sum(row => row.Value.Most);
        output.WriteLine(FormattableString.Invariant(
            $"{traffic}: {received} events in {truth.Acknowledged} requests report {told} calls. {sessions:F0} write units for sessions, {events:F0} for events: {events / received * 1000:F1} for 1,000 events, {events / told * 1000:F2} for 1,000 calls"));

        double Units(string part) => capacity.Sums.Where(sum => sum.What.Contains(part, StringComparison.Ordinal)).Sum(sum => sum.Units);
    }
}
