using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Metrics;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Takes the streams of the Events and the Sessions table, a batch of one shard at a time. The mapping has a tumbling window, since only then does
/// Lambda name the shard; the state that comes with it is not needed: what has been counted stands in the counter items.
/// </summary>
internal sealed class AggregatorFunction(CountersTable counters, SessionMarks marks, CollectionPolicy policy, Fingerprints fingerprints, TimeProvider time)
{
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
                increments = LogIncrements.Unreadable(
                    image.ApproximateCreationDateTime, batch.ShardId ?? "", sequence, StreamImage.Reference(image), shard.CounterShard);
            }

            records.Add(new StreamRecord(sequence, increments));
        }

        if (records.Count == 0) return response;
        var aggregator = new Aggregator(counters, policy.HashBytes, Expiry, full => context.Logger.LogError($"{full.Message}: {full.Key.Metric.Split('#')[0]}"));
        if (await Count(aggregator, shard, records) is { } failed)
            response.BatchItemFailures.Add(new() { ItemIdentifier = failed.SequenceNumber });
        Report(batch, records.Count, unreadable, response);
        return response;
    }

    private void Report(DynamoDBTimeWindowEvent batch, int records, int unreadable, DynamoDBTimeWindowResponse response)
    {
        if (InvocationReport.Current is not { } report) return;
        report.Count("records", records);
        report.Count("unreadable", unreadable);
        if (response.BatchItemFailures is { Count: > 0 }) report.Outcome = "unavailable";
        var oldest = batch.Records!.Min(record => record.Dynamodb?.ApproximateCreationDateTime);
        if (oldest is { } created && created > DateTime.UnixEpoch) report.Lag = time.GetUtcNow().UtcDateTime - created.ToUniversalTime();
    }

    private async Task<StreamRecord?> Count(Aggregator aggregator, StreamShard shard, List<StreamRecord> records)
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

    // What belongs to a session or a credential is gone when those are; the other counters hold no person and stay.
    private DateTimeOffset? Expiry(CounterKey key) =>
        key.BelongsToSession || key.IsReference ? time.GetUtcNow() + policy.Retention("call")
        : key.BelongsToActivations ? time.GetUtcNow() + policy.Retention("activation")
        : null;
}
