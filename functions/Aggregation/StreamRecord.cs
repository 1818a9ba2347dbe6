using Collector.Storage;

namespace Collector.Aggregation;

/// <summary>A record of a stream shard and what it adds to the counters.</summary>
internal sealed record StreamRecord(string SequenceNumber, IReadOnlyList<Increment> Increments)
{
    public StreamPosition Position { get; } = StreamPosition.Of(SequenceNumber);
}
