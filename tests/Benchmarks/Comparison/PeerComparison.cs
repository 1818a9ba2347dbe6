namespace Collector.Benchmarks.Comparison;

/// <summary>
/// Measures the collector and its peers in turn, from outside: in every round, new processes of a peer answer a session and a first batch,
/// and a warm process answers batches. On a busy machine, a slow minute affects all of them.
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
                // Remembering sessions does not change a cold start.
                foreach (var one in all.Where(one => !one.Peer.Remembers)) await one.AddCold(run, session, batches[0]);
            }

            foreach (var one in all) await one.AddWarm(run, batches, options.WarmUp, options.Warm);
            aggregator.Add(await run.Warm(ours, "Aggregator", records.Batch, options.WarmUp / 2, options.Warm / 2));
        }

        return new ComparisonResult(all, aggregator);
    }
}
