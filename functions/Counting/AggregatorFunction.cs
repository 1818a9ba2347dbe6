using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Metrics;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Takes the streams of the Events, Sessions and Activations tables, a batch of one shard at a time. The mapping has a tumbling window, since only then
/// does Lambda name the shard. What has been counted stands in the counter items; the window's state holds only how far the batches came, to find a
/// stream that goes backwards.
/// </summary>
internal sealed class AggregatorFunction(CountersTable counters, SessionMarks marks, CollectionPolicy policy, Fingerprints fingerprints, TimeProvider time)
{
    private const string ReachedState = "reached";

    public async Task<StreamAnswer> Handle(DynamoDBTimeWindowEvent batch, ILambdaContext context)
    {
        var state = batch.State ?? [];
        if (batch.Records is not { Count: > 0 }) return new StreamAnswer(state, []);
        // Without a shard id all that is known is the stream.
        var shard = new StreamShard(batch.EventSourceArn ?? batch.Records[0].EventSourceArn ?? "", batch.ShardId ?? "");
        var (records, unreadable) = Read(batch, shard, context);
        if (records.Count == 0) return new StreamAnswer(state, []);

        var first = records[0];
        var backwards = DeliveryOrder.Arrange(records, state.TryGetValue(ReachedState, out var reached) ? StreamPosition.Of(reached) : null);
        // Where no order is asked for, none is missed.
        var isOrdered = batch.ShardId is { Length: > 0 };
        if (backwards > 0 && isOrdered)
            context.Logger.LogError($"{backwards} records came behind a later one: shard {batch.ShardId}, sequence number {first.SequenceNumber}");

        var failed = await (isOrdered ? Count(shard, records, context) : CountUnordered(shard, records, context));
        Report(batch, records.Count, unreadable, isOrdered ? backwards : 0, failed is not null);
        // Where the order of the batch is not that of its positions, only its begin is a safe place to go on from.
        if (failed is not null) return new StreamAnswer(state, [new((backwards > 0 ? first : failed).SequenceNumber)]);
        var last = records[^1].SequenceNumber;
        return new StreamAnswer(new Dictionary<string, string>(state) { [ReachedState] = backwards > 0 && reached is not null ? Later(reached, last) : last }, []);
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
                increments = LogIncrements.Unreadable(
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
        report.Count("out_of_order", backwards);
        if (failed) report.Outcome = "unavailable";
        var oldest = batch.Records!.Min(record => record.Dynamodb?.ApproximateCreationDateTime);
        if (oldest is { } created && created > DateTime.UnixEpoch) report.Lag = time.GetUtcNow().UtcDateTime - created.ToUniversalTime();
    }

    private async Task<StreamRecord?> Count(StreamShard shard, List<StreamRecord> records, ILambdaContext context)
    {
        try
        {
            records = await DeletedSessions.Without(records, marks);
        }
        catch (StoreUnavailableException)
        {
            return records[0];
        }

        return await new Aggregator(counters, policy.HashBytes, Expiry, full => Full(full, context)).Count(shard, records);
    }

    private async Task<StreamRecord?> CountUnordered(StreamShard stream, List<StreamRecord> records, ILambdaContext context)
    {
        try
        {
            var parts = await DeletedSessions.Without(UnorderedAggregator.Parts(records), marks);
            var aggregator = new UnorderedAggregator(counters, policy.HashBytes, Expiry, full => Full(full, context), time);
            return await aggregator.Count(stream, parts) ? null : records[0];
        }
        catch (StoreUnavailableException)
        {
            return records[0];
        }
    }

    private static void Full(CounterItemFullException full, ILambdaContext context) =>
        context.Logger.LogError($"{full.Message}: {full.Key.Metric.Split('#')[0]}");

    private static string Later(string a, string b) => StreamPosition.Of(a) > StreamPosition.Of(b) ? a : b;

    // What belongs to a session or a credential is gone when those are; the other counters hold no person and stay.
    private DateTimeOffset? Expiry(CounterKey key) =>
        key.BelongsToSession || key.IsReference ? time.GetUtcNow() + policy.Retention("call")
        : key.BelongsToActivations ? time.GetUtcNow() + policy.Retention("activation")
        : null;
}
