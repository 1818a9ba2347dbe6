using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Metrics;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Takes the streams of the two logs, the Sessions and the Activations table, a batch of one shard at a time. The mapping has a tumbling window, since only then does
/// Lambda name the shard; the state that comes with it is not needed: what has been counted stands in the counter items.
/// </summary>
internal sealed class AggregatorFunction
{
    private readonly SessionMarks marks;
    private readonly CollectionPolicy policy;
    private readonly Fingerprints fingerprints;
    private readonly TimeProvider time;
    private readonly Aggregator aggregator;

    public AggregatorFunction(
        CountersTable counters, SessionMarks marks, CollectionPolicy policy, Fingerprints fingerprints, CheckpointSeal seal, TimeProvider time)
    {
        (this.marks, this.policy, this.fingerprints, this.time) = (marks, policy, fingerprints, time);
        // One for the life of the process: it remembers what it wrote last.
        aggregator = new Aggregator(counters, seal, policy.HashBytes, Expiry, Report);
    }

    public async Task<DynamoDBTimeWindowResponse> Handle(DynamoDBTimeWindowEvent batch, ILambdaContext context)
    {
        var response = new DynamoDBTimeWindowResponse { State = batch.State ?? [], BatchItemFailures = [] };
        if (batch.Records is not { Count: > 0 }) return response;
        var stream = batch.EventSourceArn ?? batch.Records[0].EventSourceArn ?? "";
        // Without a window there is no shard id. LocalStack's streams have one open shard at a time, for which the stream can stand.
        var shard = new StreamShard(stream, batch.ShardId ?? "");
        var unreadable = 0;
        var records = new List<StreamRecord>(batch.Records.Count);
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

        if (records.Count == 0) return response;
        if (await Count(shard, records) is { } failed)
            response.BatchItemFailures.Add(new() { ItemIdentifier = failed.SequenceNumber });
        Report(batch, records.Count, unreadable, response);
        return response;
    }

    private void Report(DynamoDBTimeWindowEvent batch, int records, int unreadable, DynamoDBTimeWindowResponse response)
    {
        if (InvocationReport.Current is not { } report) return;
        report.Count("records", records);
        report.Count("unreadable", unreadable);
        // Always there, so that an alarm on it has data.
        report.Count("counter_item_full", 0);
        if (response.BatchItemFailures is { Count: > 0 }) report.Outcome = "unavailable";
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

    // Numbers over all users hold no person and stay. The others' end tells no more of their time than its hour.
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
