using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Metrics;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Handles the streams of the two logs, of the Sessions table and of the Activations table, one batch of one shard at a time. The event
/// source mapping has a tumbling window, because only then does Lambda name the shard. The counter items record what has been counted; the
/// window's state contains only the last position reached, to detect a stream that goes backwards.
/// </summary>
internal sealed class AggregatorFunction
{
    private const string ReachedState = "reached";

    private readonly SessionExclusions marks;
    private readonly CollectionPolicy policy;
    private readonly Fingerprints fingerprints;
    private readonly TimeProvider time;
    private readonly Aggregator aggregator;
    private readonly UnorderedAggregator unordered;

    public AggregatorFunction(
        CountersTable counters, SessionExclusions marks, CollectionPolicy policy, Fingerprints fingerprints, CheckpointSeal seal,
        TimeProvider time)
    {
        (this.marks, this.policy, this.fingerprints, this.time) = (marks, policy, fingerprints, time);
        // One instance for the life of the process: it remembers the items that it wrote last.
        aggregator = new Aggregator(counters, seal, policy.HashBytes, Expiry, Report);
        unordered = new UnorderedAggregator(counters, policy.HashBytes, Expiry, Report, time);
    }

    public async Task<StreamAnswer> Handle(DynamoDBTimeWindowEvent batch, ILambdaContext context)
    {
        var state = batch.State ?? [];
        if (batch.Records is not { Count: > 0 }) return new StreamAnswer(state, []);
        // Without a shard id, only the stream is known.
        var shard = new StreamShard(batch.EventSourceArn ?? batch.Records[0].EventSourceArn ?? "", batch.ShardId ?? "");
        var (records, unreadable) = Read(batch, shard, context);
        if (records.Count == 0) return new StreamAnswer(state, []);

        var first = records[0];
        var backwards = DeliveryOrder.Arrange(
            records, state.TryGetValue(ReachedState, out var reached) ? StreamPosition.Of(reached) : null);
        // A batch without a shard id need not be in order.
        var isOrdered = batch.ShardId is { Length: > 0 };
        if (backwards > 0 && isOrdered)
            context.Logger.LogError(
                $"{backwards} records arrived after a later record: shard {batch.ShardId}, sequence number {first.SequenceNumber}");

        var failed = await (isOrdered ? Count(shard, records) : CountUnordered(shard, records));
        Report(batch, records.Count, unreadable, isOrdered ? backwards : 0, failed is not null);
        // If the batch is not in the order of its positions, only its first record is a safe place to continue from.
        if (failed is not null) return new StreamAnswer(state, [new((backwards > 0 ? first : failed).SequenceNumber)]);
        var last = records[^1].SequenceNumber;
        return new StreamAnswer(new Dictionary<string, string>(
            state) { [ReachedState] = backwards > 0 && reached is not null ? Later(reached, last) : last }, []);
    }

    private (List<StreamRecord> Records, int Unreadable) Read(DynamoDBTimeWindowEvent batch, StreamShard shard, ILambdaContext context)
    {
        var unreadable = 0;
        var records = new List<StreamRecord>(batch.Records!.Count);
        foreach (var record in batch.Records)
        {
            if (record.Dynamodb is not { SequenceNumber: { } sequence } image) continue;
            var increments = StreamImage.Increments(image, shard.CounterShard, fingerprints);
            if (increments is null)
            {
                unreadable++;
                context.Logger.LogError($"a record cannot be read: shard {batch.ShardId}, sequence number {sequence}");
                increments = LedgerMetric.UnreadableRecord(
                    image.ApproximateCreationDateTime, batch.ShardId ?? "", sequence, StreamImage.Reference(image), shard.CounterShard);
            }

            records.Add(new StreamRecord(sequence, increments));
        }

        return (records, unreadable);
    }

    private void Report(DynamoDBTimeWindowEvent batch, int records, int unreadable, int backwards, bool failed)
    {
        if (InvocationReport.Current is not { } report) return;
        report.Count("records", records);
        report.Count("unreadable", unreadable);
        // Always reported, so that an alarm on it has data.
        report.Count("counter_item_full", 0);
        report.Count("out_of_order", backwards);
        if (failed) report.Outcome = "unavailable";
        var oldest = batch.Records!.Min(record => record.Dynamodb?.ApproximateCreationDateTime);
        if (oldest is { } created && created > DateTime.UnixEpoch) report.Lag = time.GetUtcNow().UtcDateTime - created.ToUniversalTime();
    }

    private async Task<StreamRecord?> Count(StreamShard shard, List<StreamRecord> records)
    {
        try
        {
            records = await DeletedSessions.Without(records, marks);
        }
        catch (StoreUnavailableException)
        {
            return records[0];
        }

        return await aggregator.Count(shard, records);
    }

    private async Task<StreamRecord?> CountUnordered(StreamShard stream, List<StreamRecord> records)
    {
        try
        {
            var parts = await DeletedSessions.Without(UnorderedAggregator.Parts(records), marks);
            return await unordered.Count(stream, parts) ? null : records[0];
        }
        catch (StoreUnavailableException)
        {
            return records[0];
        }
    }

    private static string Later(string a, string b) => StreamPosition.Of(a) > StreamPosition.Of(b) ? a : b;

    // Counters over all users identify nobody and do not expire. The expiry of the others contains no more of their time than the hour.
    private DateTimeOffset? Expiry(CounterKey key)
    {
        if (AllMetrics.Of(key).Retention is not { } kind) return null;
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerHour)) + policy.Retention(kind);
    }

    private static void Report(CountingTrouble trouble, CounterKey key) => InvocationReport.Current?.Count(
        trouble switch
        {
            CountingTrouble.ItemFull => "counter_item_full",
            CountingTrouble.CheckpointUnreadable => "checkpoint_unreadable",
            _ => throw new ArgumentOutOfRangeException(nameof(trouble)),
        },
        1);
}
