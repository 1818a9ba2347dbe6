using Collector.Local.DynamoDb;
using Collector.Local.Streams;
using Collector.Local.Template;

namespace Collector.Tests.Integration.Ownership;

/// <summary>
/// Delivers a table's stream to a function as an event source mapping does: in order within a shard, from its last position, with retries.
/// </summary>
internal sealed class StreamPump(DynamoDbClient client, MappingDefinition mapping)
{
    private const int Attempts = 5;

    private readonly TableStream stream = new(client, mapping.TableName);
    private readonly FilterPattern[] filters = [.. mapping.FilterPatterns.Select(text => new FilterPattern(text))];
    private readonly Dictionary<string, string> positions = [];

    /// <summary>
    /// Delivers the available records and returns their number. A batch that the function refuses throws a <see cref="TimeoutException"/>
    /// and is delivered again at the next call.
    /// </summary>
    /// <param name="deliver">Receives the stream's ARN, the shard and a batch, and returns the sequence number from which to retry,
    /// or null.</param>
    /// <param name="batches">The most batches per shard: a stream that is written to continuously has no end.</param>
    public async Task<int> Drain(Func<string, string, IReadOnlyList<StreamRecord>, Task<string?>> deliver, int batches = int.MaxValue)
    {
        var delivered = 0;
        foreach (var shard in await stream.Shards(CancellationToken.None))
        {
            var iterator = await Iterator(shard.Id);
            var empty = 0;
            for (var left = batches; left > 0 && empty < 2 && iterator is not null;)
            {
                RecordPage read;
                try
                {
                    read = await stream.Read(iterator, CancellationToken.None);
                }
                catch (ExpiredIteratorException)
                {
                    iterator = await Iterator(shard.Id);
                    continue;
                }

                foreach (var batch in read.Records.Where(r => filters.Length == 0 || filters.Any(f => f.Matches(r.Document)))
                    .Chunk(mapping.BatchSize).Take(left))
                {
                    await Deliver(shard.Id, [.. batch], deliver);
                    positions[shard.Id] = batch[^1].SequenceNumber;
                    delivered += batch.Length;
                    left--;
                }

                empty = read.Records.Count == 0 ? empty + 1 : 0;
                iterator = read.Next;
            }
        }

        return delivered;
    }

    // A new iterator each time: an unused iterator expires after a while.
    private Task<string> Iterator(string shard) => stream.Iterator(shard, positions.GetValueOrDefault(shard), CancellationToken.None);

    private async Task Deliver(string shard, List<StreamRecord> batch, Func<string, string, IReadOnlyList<StreamRecord>,
        Task<string?>> deliver)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var again = await deliver(stream.Arn, shard, batch);
            if (again is null) return;
            batch = batch[batch.FindIndex(r => r.SequenceNumber == again)..];
        }

        throw new TimeoutException("the function did not accept the batch");
    }
}
