using Collector.Local.DynamoDb;
using Collector.Local.Hosting;
using Collector.Local.Lambda;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>
/// An event source mapping: finds the stream's shards and reads each with its own reader. It starts a child shard only after the parent has
/// been read to the end, so that the order is kept across a split.
/// </summary>
internal sealed class EventSourceMapping(
    MappingDefinition mapping, FunctionDefinition function, IStreamSource source, IInvoker invoker,
    Checkpoints checkpoints, FailureLog failures, HostLog log, TimeProvider time)
{
    private static readonly TimeSpan ShardInterval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Task> readers = [];
    private int unreachable;

    /// <summary>Runs until it is cancelled, even while DynamoDB is down.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        var stream = "";
        using var readersOfStream = new Reset();
        var ended = cancellation.WhenCancelled();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var shards = await source.Shards(cancellation);
                Reachable(true);
                if (stream != source.Arn)
                {
                    // The table was created again (a DynamoDB in memory was restarted), so the old stream no longer exists.
                    stream = source.Arn;
                    readersOfStream.Restart(cancellation);
                    readers.Clear();
                }

                checkpoints.Keep(mapping.Id, stream, shards.Select(shard => shard.Id));
                foreach (var shard in shards.Where(shard => !readers.ContainsKey(shard.Id) && !IsFinished(stream, shard.Id)))
                {
                    var waits = shard.ParentId is { } parent && shards.Any(other => other.Id == parent) && !IsFinished(stream, parent);
                    if (!waits)
                        readers[shard.Id] = Read(stream, shard, readersOfStream.Token);
                }
            }
            catch (Exception e) when (e is HttpRequestException or DynamoDbException or OperationCanceledException)
            {
                if (cancellation.IsCancellationRequested)
                    return;
                Reachable(false);
            }

            // When a shard ends, its children can start at once.
            await Task.WhenAny([Task.Delay(ShardInterval, time, CancellationToken.None), .. readers.Values, ended]);
            foreach (var (id, _) in readers.Where(pair => pair.Value.IsCompleted).ToArray())
                readers.Remove(id);
        }

        readersOfStream.Cancel();
        await Task.WhenAll(readers.Values);
    }

    private bool IsFinished(string stream, string shard) => checkpoints.Get(mapping.Id, stream, shard).Finished;

    private async Task Read(string stream, Shard shard, CancellationToken cancellation)
    {
        try
        {
            var delivery = new ShardDelivery(
                mapping, function, invoker, shard, stream, checkpoints.Get(mapping.Id, stream, shard.Id),
                checkpoint => checkpoints.Set(mapping.Id, stream, shard.Id, checkpoint), failures, time);
            await new ShardReader(mapping, source, shard, delivery, Reachable, time).Run(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The host stops, or the stream no longer exists.
        }
        catch (Exception e)
        {
            // The reader is started again from the last checkpoint.
            log.Line($"{mapping.Id}: {e.Message}");
        }
    }

    private void Reachable(bool now)
    {
        if (Interlocked.Exchange(ref unreachable, now ? 0 : 1) == (now ? 0 : 1))
            return;
        log.Line(now ? $"{mapping.Id}: the stream can be read again" : $"{mapping.Id}: the stream cannot be read; retrying");
    }

    /// <summary>A cancellation that can be renewed.</summary>
    private sealed class Reset : IDisposable
    {
        private CancellationTokenSource source = new();

        public CancellationToken Token => source.Token;

        public void Restart(CancellationToken outer)
        {
            Cancel();
            source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        }

        public void Cancel() => source.Cancel();

        public void Dispose() => source.Dispose();
    }
}
