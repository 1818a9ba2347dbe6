using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Collector.Counting;
using Collector.Local.DynamoDb;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Fleet.Recount;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet.Faults;

/// <summary>
/// Runs the fleet against its own collector with faults everywhere: on the way to the collector, between it and DynamoDB, in its processes
/// and in its streams. Afterwards each acknowledged event must be counted once, each unacknowledged one at most once, the ledger must
/// balance, and the counters must match the log.
/// </summary>
internal sealed class FaultRun(FleetOptions options, FaultOptions faults, TextWriter output, TimeProvider time)
{
    private const int UnreadableItems = 7;
    private static readonly TimeSpan BetweenRandomKills = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OutageAtTheLatest = TimeSpan.FromMinutes(1);
    private readonly FaultCount count = new();

    /// <summary>Returns the number of differences plus the number of kinds of faults that never occurred; it must be 0.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var store = new StoreFaults(options.Seed, faults.StoreShare, faults.Kinds, count, time);
        var clients = new ClientFaults(options.Seed + 1, faults.ClientShare, faults.Kinds, count);
        var shards = new ShardEnds(options.Seed + 5, faults.Kinds, count, time);
        FunctionProcesses? processes = null;
        await using var collector = await OwnCollector.Start(
            found => new DynamoDbProxy(store, processes = found, shards, null, time), shortTimeouts: true, "--concurrency", "6",
            "--parameter", "AggregationWindowSeconds=1",
            "--parameter", "AnonymousWindowSeconds=1");
        using var dynamoDb = new DynamoDbClient(collector.Proxy.Endpoint);
        using var behindProxy = collector.Client(throughProxy: true);
        using var direct = collector.Client(throughProxy: false);
        var fingerprints = new Fingerprints(await Secret(collector.Running.Data));
        var policy = CollectionPolicy.Load(new PolicySwitches(true, [], new Dictionary<string, int>()), fingerprints);
        var aggregator = new AggregatorFunction(
            new CountersTable(behindProxy, OwnCollector.Stack + "-counters"),
            new SessionExclusions(behindProxy, OwnCollector.Stack + "-sessions", policy),
            policy, fingerprints, new CheckpointSeal(fingerprints), time);
        StreamReplay[] replays =
        [
            new(dynamoDb, OwnCollector.Stack + "-calls", false, aggregator, options.Seed + 2, faults.Kinds, count, time),
            new(dynamoDb, OwnCollector.Stack + "-anonymous", false, aggregator, options.Seed + 6, faults.Kinds, count, time),
            new(dynamoDb, OwnCollector.Stack + "-sessions", true, aggregator, options.Seed + 3, faults.Kinds, count, time),
        ];

        var run = new FleetRun(options, collector.Running.Client, OwnCollector.OperatorKey, output, time, clients);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var following = replays.Select(replay => replay.Run(end.Token)).ToList();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var began = time.GetTimestamp();
        await run.Begin();
        var sending = Waves(run, enough.Token);
        foreach (var replay in replays) replay.On = true;
        store.On = shards.On = true;
        if (faults.Kinds.Has(FaultKinds.Unreadable)) await PutUnreadable(direct, run.Truth);
        await Harm(processes!, store, sending, enough);
        await sending;
        output.WriteLine("all events are sent; no more faults; waiting until everything is counted");
        store.On = clients.On = shards.On = false;
        foreach (var replay in replays) replay.On = false;

        var comparison = await run.Compare();
        await end.CancelAsync();
        await Task.WhenAll(following);
        var recounter = new Recounter(direct, OwnCollector.Stack, fingerprints);
        var recount = await recounter.Differences(Day.Of(time.GetUtcNow()));
        Report(run, comparison, [.. recount.Select(difference => difference.ToString())], recounter.Compared, time.GetElapsedTime(began));
        return comparison.Differences.Count + recount.Count + Missing().Count;
    }

    // The wanted kinds that have not occurred.
    private IReadOnlyList<string> Missing() =>
        [.. count.Missing(faults.Kinds).Where(kind => faults.Outage > TimeSpan.Zero || kind != nameof(StoreFault.Outage))];

    private static async Task Waves(FleetRun run, CancellationToken enough)
    {
        for (var wave = 0; !enough.IsCancellationRequested; wave++) await run.Send(enough, wave);
    }

    // Injects faults until there are enough: an outage after a third of them, and a function killed at random every few seconds.
    private async Task Harm(FunctionProcesses processes, StoreFaults store, Task sending, CancellationTokenSource enough)
    {
        var random = new Random(options.Seed + 4);
        var began = time.GetTimestamp();
        var looks = 0;
        var outage = faults.Outage > TimeSpan.Zero && faults.Kinds.Has(nameof(StoreFault.Outage));
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(BetweenRandomKills, time));
            if (looks++ % 12 == 0) output.WriteLine($"{count.Total} faults");
            if (outage && (count.Total > faults.Faults / 3 || time.GetElapsedTime(began) > OutageAtTheLatest))
            {
                outage = false;
                store.BeginOutage(faults.Outage);
            }

            if (faults.Kinds.Has(FaultKinds.Killed) && processes.All() is { Count: > 0 } running)
            {
                var victim = running[random.Next(running.Count)];
                count.Add("process", FaultKinds.Killed, FunctionProcesses.Handler(victim));
                FunctionProcesses.Signal(victim, "KILL");
            }

            if (((count.Total >= faults.Faults || faults.Kinds.HappenOnce) && Missing().Count == 0)
                || time.GetElapsedTime(began) > faults.AtMost) await enough.CancelAsync();
        }
    }

    // Adds records that the Aggregator cannot read: they are counted as unreadable, and the others are processed.
    private async Task PutUnreadable(Amazon.DynamoDBv2.IAmazonDynamoDB dynamoDb, KnownTruth truth)
    {
        for (var i = 0; i < UnreadableItems; i++)
        {
            await dynamoDb.PutItemAsync(new PutItemRequest
            {
                TableName = OwnCollector.Stack + "-anonymous",
                Item = new()
                {
                    [LogAttributes.Source] = Attributes.Text("cli#0"),
                    [LogAttributes.Receipt] = Attributes.Text(string.Create(CultureInfo.InvariantCulture, $"unreadable-{i}")),
                    [LogAttributes.At] = Attributes.Number(time.GetUtcNow().ToUnixTimeMilliseconds()),
                    [LogAttributes.Data] = Attributes.Bytes([.. "not gzip"u8]),
                },
            });
            count.Add("stream", FaultKinds.Unreadable);
            truth.Put(Row.Unreadable, 1);
        }
    }

    private static async Task<string> Secret(string data) =>
        (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "secrets.json")))!["FingerprintSecret"]!;

    private void Report(FleetRun run, Comparison comparison, IReadOnlyList<string> recount, int recounted, TimeSpan took)
    {
        output.WriteLine();
        output.WriteLine("| fault | times |");
        output.WriteLine("| --- | ---: |");
        foreach (var (fault, times) in count.Lines) output.WriteLine($"| {fault} | {times} |");
        output.WriteLine($"| **all** | **{count.Total}** |");
        if (Missing() is { Count: > 0 } missing) output.WriteLine("never happened: " + string.Join(", ", missing));
        output.WriteLine();
        output.WriteLine(FormattableString.Invariant(
            $"seed {options.Seed}: {count.Total} faults, {run.Truth.Acknowledged} batches acknowledged with {run.Truth.Events} events, {run.Truth.Unacknowledged} not acknowledged, in {took.TotalSeconds:F0} s"));
        comparison.Print(output);
        output.WriteLine($"recounted from the log: {recounted} numbers, {recount.Count} differences");
        foreach (var difference in recount.Take(40)) output.WriteLine("  " + difference);
    }
}
