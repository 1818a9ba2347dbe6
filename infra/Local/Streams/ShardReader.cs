using Collector.Local.DynamoDb;
using Collector.Local.Lambda;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>Reads one shard to its end and forms batches by size, batching window and tumbling window.</summary>
internal sealed class ShardReader(
    MappingDefinition mapping, IStreamSource source, Shard shard, ShardDelivery delivery, Action<bool> reachable, TimeProvider time)
{
    /// <summary>Lambda polls a shard four times per second.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan UnreachablePause = TimeSpan.FromSeconds(1);

    /// <summary>The most bytes of records in a batch, so that the whole event stays under Lambda's limit.</summary>
    private const int BatchBytes = LambdaLimits.PayloadBytes - 64 * 1024;

    private readonly FilterPattern[] filters = [.. mapping.FilterPatterns.Select(text => new FilterPattern(text))];
    private readonly List<StreamRecord> batch = [];
    private int batchBytes;
    private long batchBegan;
    private string? read = delivery.Position.Position;

    /// <summary>Completes when the shard has ended and was processed completely.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        string? iterator = null;
        while (true)
        {
            RecordPage page;
            try
            {
                iterator ??= await source.Iterator(shard.Id, read, cancellation);
                page = await source.Read(iterator, cancellation);
                reachable(true);
            }
            catch (ExpiredIteratorException)
            {
                iterator = null;
                continue;
            }
            catch (Exception e) when (e is HttpRequestException or DynamoDbException or OperationCanceledException
                && !cancellation.IsCancellationRequested)
            {
                reachable(false);
                iterator = null;
                await Task.Delay(UnreachablePause, time, cancellation);
                continue;
            }

            foreach (var record in page.Records)
                await Take(record, cancellation);
            if (page.Next is null)
            {
                await Flush(cancellation);
                await delivery.EndWindow(early: false, cancellation);
                delivery.Finish();
                return;
            }

            if (batch.Count > 0 && time.GetElapsedTime(batchBegan) >= mapping.BatchingWindow)
                await Flush(cancellation);
            if (page.Records.Count == 0 && delivery.WindowEnd is { } end && time.GetUtcNow() >= end)
            {
                await Flush(cancellation);
                await delivery.EndWindow(early: false, cancellation);
            }

            iterator = page.Next;
            if (page.Records.Count == 0)
                await Task.Delay(PollInterval, time, cancellation);
        }
    }

    private async Task Take(StreamRecord record, CancellationToken cancellation)
    {
        var wanted = filters.Length == 0 || filters.Any(filter => filter.Matches(record.Document));
        if (wanted && delivery.IsBehindWindow(record))
        {
            await Flush(cancellation);
            await delivery.EndWindow(early: false, cancellation);
        }

        if (wanted && batchBytes + record.Bytes > BatchBytes)
            await Flush(cancellation);
        read = record.SequenceNumber;
        if (!wanted)
        {
            if (batch.Count == 0)
                delivery.Skip(record.SequenceNumber);
            return;
        }

        // All records of a batch belong to the window of its first one.
        if (batch.Count > 0 && mapping.TumblingWindow > TimeSpan.Zero && Window(record) > Window(batch[0]))
        {
            await Flush(cancellation);
            await delivery.EndWindow(early: false, cancellation);
        }

        if (batch.Count == 0)
            batchBegan = time.GetTimestamp();
        batch.Add(record);
        batchBytes += record.Bytes;
        if (batch.Count >= mapping.BatchSize)
            await Flush(cancellation);
    }

    private async Task Flush(CancellationToken cancellation)
    {
        if (batch.Count == 0)
            return;
        var records = batch.ToArray();
        batch.Clear();
        batchBytes = 0;
        await delivery.Deliver(records, cancellation);
        if (read is not null && read != records[^1].SequenceNumber)
            delivery.Skip(read);
    }

    private long Window(StreamRecord record) => record.Created.ToUnixTimeSeconds() / (long)mapping.TumblingWindow.TotalSeconds;
}
