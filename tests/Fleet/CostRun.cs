using Collector.Tests.Fleet.Faults;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet;

/// <summary>What a fleet's traffic costs: DynamoDB's own <c>ConsumedCapacity</c> of every write, log and counters together.</summary>
internal sealed class CostRun(FleetOptions options, TextWriter output, TimeProvider time)
{
    /// <summary>The differences between truth and counters: what is counted wrong costs nothing worth knowing.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var capacity = new Capacity();
        // The template's own window: what it costs where it is deployed.
        await using var collector = await OwnCollector.Start(
            _ => new DynamoDbProxy(null, null, capacity, time), shortTimeouts: false, "--parameter", "AggregationWindowSeconds=20");
        var run = new FleetRun(options, collector.Running.Client, OwnCollector.OperatorKey, output, time);
        await run.Send(stop);
        var comparison = await run.Compare();
        output.WriteLine();
        output.WriteLine("| write | calls | write units |");
        output.WriteLine("| --- | ---: | ---: |");
        foreach (var (what, calls, units) in capacity.Sums) output.WriteLine(FormattableString.Invariant($"| {what} | {calls} | {units:F0} |"));
        var received = run.Truth.Rows[Row.Received].Most;
        var aggregated = run.Truth.Rows.Where(row => row.Key.StartsWith("requests ", StringComparison.Ordinal)).Sum(row => row.Value.Most);
        output.WriteLine(FormattableString.Invariant(
            $"{capacity.WriteUnits:F0} write units for {received} events in {run.Truth.Acknowledged} requests, which tell of {aggregated} calls: {capacity.WriteUnits / received * 1000:F1} for 1,000 events, {capacity.WriteUnits / aggregated * 1000:F2} for 1,000 calls"));
        comparison.Print(output);
        return comparison.Differences.Count;
    }
}
