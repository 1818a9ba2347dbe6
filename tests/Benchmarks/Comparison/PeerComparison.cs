namespace Collector.Benchmarks.Comparison;

/// <summary>
/// The collector and its peers, in turn, each measured from outside: in every round a peer's new processes answer a session and a first
/// batch, and a warm one answers batches. On a machine that has other work, a slow minute hits all of them.
/// </summary>
internal sealed class PeerComparison(ComparisonOptions options, TextWriter output, TimeProvider time)
{
    public async Task<ComparisonResult> Measure()
    {
        using var dynamoDb = new DynamoDbStub(time);
        var run = new Run(dynamoDb, time);
        var session = SentEvents.Session(time);
        var batches = SentEvents.Batches(200, 20, time);
        var ours = Peer.Ours("This collector", options.Executable);
        var all = new List<Measured> { new(ours) };
        foreach (var peer in options.Peers)
        {
            all.Add(new Measured(peer));
            all.Add(new Measured(peer.Remembering()));
        }

        var records = await StreamBatches.Record(ours, "Events", batches, ComparisonResult.RecordsPerBatch, time);
        var aggregator = new List<Cost>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            await output.WriteLineAsync($"Round {round} of {options.Rounds}");
            for (var i = 0; i < options.ColdPerRound; i++)
            {
                // What a peer remembers changes nothing of its cold start.
                foreach (var one in all.Where(one => !one.Peer.Remembers)) await one.AddCold(run, session, batches[0]);
            }

            foreach (var one in all) await one.AddWarm(run, batches, options.WarmUp, options.Warm);
            aggregator.Add(await run.Warm(ours, "Aggregator", records.Batch, options.WarmUp / 2, options.Warm / 2));
        }

        return new ComparisonResult(all, aggregator);
    }
}
