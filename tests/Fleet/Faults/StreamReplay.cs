using System.Security.Cryptography;
using System.Text;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Collector.Counting;
using Collector.Local.DynamoDb;
using Collector.Local.Hosting;
using Collector.Local.Streams;
using Collector.Metrics;
using StreamRecord = Collector.Local.Streams.StreamRecord;

namespace Collector.Tests.Fleet.Faults;

/// <summary>
/// A second reader of a table's stream, beside the host's: it delivers the same records of the same shards to the Aggregator again, in
/// whole or in part, with other boundaries, bisected, or as two concurrent batches, while the host's own deliveries run. Like Lambda it
/// never continues after an uncounted record.
/// </summary>
/// <param name="modified">Whether changed items are delivered too, as the template's filter of that stream specifies.</param>
internal sealed class StreamReplay(
    DynamoDbClient dynamoDb, string table, bool modified, AggregatorFunction aggregator, int seed, FaultKinds kinds, FaultCount count,
    TimeProvider time)
{
    private const int Remembered = 1_000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private readonly SourceGeneratorLambdaJsonSerializer<StreamJson> serializer = new();
    private readonly StreamFault[] faults = [.. kinds.Of<StreamFault>().Where(fault => fault != StreamFault.ShardEnds)];

    /// <summary>False means that it only reads, and delivers nothing again.</summary>
    public bool On { get; set; }

    public async Task Run(CancellationToken stop)
    {
        var stream = new TableStream(dynamoDb, table);
        var readers = new Dictionary<string, Task>(StringComparer.Ordinal);
        var ended = stop.WhenCancelled();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                foreach (var shard in await stream.Shards(stop))
                {
                    // Like Lambda: a child begins when its parent is counted completely.
                    if (!readers.ContainsKey(shard.Id) && (
                        shard.ParentId is not { } parent || (readers.TryGetValue(parent, out var before) && before.IsCompleted)))
                        readers.Add(shard.Id, Follow(stream, shard, stop));
                }
            }
            catch (Exception e) when (IsOfTheWay(e))
            {
                // The next attempt finds the shards.
            }

            await Task.WhenAny(Task.Delay(Poll, time, CancellationToken.None), ended);
        }

        await Task.WhenAll(readers.Values);
    }

    // Connections between this reader and DynamoDB are cut too, and an iterator expires after a while: the reader asks again.
    private static bool IsOfTheWay(Exception e) =>
        e is HttpRequestException or DynamoDbException or OperationCanceledException or ExpiredIteratorException;

    private async Task Follow(TableStream stream, Shard shard, CancellationToken stop)
    {
        // Shards are read concurrently, each with its own random numbers.
        var random = new Random(HashCode(shard.Id));
        var known = new List<StreamRecord>();
        var reached = 0;
        string? iterator = null;
        var stopped = stop.WhenCancelled();
        for (var ended = false; !ended && !stop.IsCancellationRequested;)
        {
            try
            {
                iterator ??= await stream.Iterator(shard.Id, known.Count > 0 ? known[^1].SequenceNumber : null, stop);
                var page = await stream.Read(iterator, stop);
                known.AddRange(page.Records.Where(Counts));
                (iterator, ended) = (page.Next, page.Next is null);
            }
            catch (Exception e) when (IsOfTheWay(e))
            {
                iterator = null;
            }

            if (known.Count - Remembered is > 0 and var old && old < reached)
            {
                known.RemoveRange(0, old);
                reached -= old;
            }

            if (On && faults.Length > 0) reached = await Deliver(stream.Arn, shard, known, reached, random);
            await Task.WhenAny(Task.Delay(Poll, time, CancellationToken.None), stopped);
        }

        while (On && faults.Length > 0 && reached < known.Count) reached = await Deliver(stream.Arn, shard, known, reached, random);
    }

    // The same in each run, unlike string.GetHashCode.
    private int HashCode(string shard) => seed ^ BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(shard)));

    private bool Counts(StreamRecord record) =>
        (string?)record.Document["eventName"] is "INSERT" || (modified && (string?)record.Document["eventName"] is "MODIFY");

    private async Task<int> Deliver(string arn, Shard shard, List<StreamRecord> known, int reached, Random random)
    {
        var fault = faults[random.Next(faults.Length)];
        var from = fault == StreamFault.DeliveredInPart || random.Next(3) == 0 ? Math.Max(0, reached - random.Next(1, 200)) : reached;
        var batch = known.Skip(from).Take(random.Next(1, 300)).ToList();
        if (batch.Count == 0) return reached;
        if (fault == StreamFault.Bisected && batch.Count == 1) fault = StreamFault.DeliveredTwice;
        if (kinds.Has(fault.ToString())) count.Add("stream", fault.ToString());
        switch (fault)
        {
            case StreamFault.TwoAtOnce:
                var other = Invoke(arn, shard, [.. known.Skip(from).Take(random.Next(1, 300))]);
                var end = await Invoke(arn, shard, batch);
                await other;
                return from + end;
            case StreamFault.Bisected:
                var half = await Invoke(arn, shard, batch[..(batch.Count / 2)]);
                return half < batch.Count / 2 ? from + half : from + half + await Invoke(arn, shard, batch[(batch.Count / 2)..]);
            default:
                return from + await Invoke(arn, shard, batch);
        }
    }

    // Returns how many records at the start of the batch are counted.
    private async Task<int> Invoke(string arn, Shard shard, List<StreamRecord> batch)
    {
        var payload = StreamEvent.WriteWindow(
            batch, batch[0].Created.ToUnixTimeSeconds(), Window, [], shard.Id, arn, final: false, early: false);
        var response = await aggregator.Handle(serializer.Deserialize<DynamoDBTimeWindowEvent>(new MemoryStream(payload)),
        new TestContext(new RecordingLog()) { RemainingTime = TimeSpan.FromMinutes(1) });
        return response.BatchItemFailures is [{ ItemIdentifier: { } failed }, ..]
            ? batch.FindIndex(record => record.SequenceNumber == failed) : batch.Count;
    }
}
