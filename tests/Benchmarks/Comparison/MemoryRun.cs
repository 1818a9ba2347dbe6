using System.Diagnostics;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// How long functions take with the processor share of a memory size: milliseconds of new processes that answer a session or a first batch
/// of 20, of a warm process that answers occasional batches, and of the Aggregator with a stream batch.
/// </summary>
internal sealed record MemoryCost(
    int Megabytes, IReadOnlyList<double> Session, IReadOnlyList<double> FirstBatch, IReadOnlyList<double> Batch,
    IReadOnlyList<double> Records);

/// <summary>Runs the collector with the processor share of each memory size.</summary>
internal sealed class MemoryRun(ComparisonOptions options, TimeProvider time)
{
    /// <summary>
    /// The memory size that includes one processor: https://docs.aws.amazon.com/lambda/latest/dg/resource-model.html.
    /// </summary>
    private const double FullProcessor = 1769;

    private const int Requests = 200;

    // Longer than the period, so that each request begins with a full share.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private static readonly int[] Sizes = [128, 256, 512, 1024, 1769];

    /// <summary>The cost for each size; empty where this machine does not allow processor shares.</summary>
    public async Task<IReadOnlyList<MemoryCost>> Measure()
    {
        using var dynamoDb = new DynamoDbStub(time);
        var run = new Run(dynamoDb, time);
        var ours = Peer.Ours("This collector", options.Executable);
        var session = SentEvents.Session(time);
        var batches = SentEvents.Batches(Requests, 20, time);
        var records = await StreamBatches.Record(ours, "Events", batches, ComparisonResult.RecordsPerBatch, time);
        var costs = new List<MemoryCost>();
        foreach (var size in Sizes)
        {
            using var share = ProcessorShare.TryCreate(size / FullProcessor);
            if (share is null) return [];
            var peer = share.Of(ours);
            var measured = new Measured(peer);
            for (var i = 0; i < options.Rounds * options.ColdPerRound; i++) await measured.AddCold(run, session, batches[0]);
            costs.Add(new MemoryCost(
                size, Walls(measured.Sessions), Walls(measured.FirstBatches),
                await run.NowAndThen(peer, "Events", number => batches[number % batches.Length], Requests, Pause),
                await run.NowAndThen(peer, "Aggregator", records.Batch, Requests / 4, Pause * 8)));
        }

        return costs;
    }

    private static double[] Walls(List<Cost> costs) => [.. costs.Select(cost => cost.Wall.TotalMilliseconds)];
}
