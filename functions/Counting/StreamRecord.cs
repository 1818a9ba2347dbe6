using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>A record of a stream shard and what it adds to the counters.</summary>
internal sealed record StreamRecord(string SequenceNumber, IReadOnlyList<Increment> Increments)
{
    /// <summary>Which part of the record this is, where it is counted in several.</summary>
    public int Part { get; init; }

    public StreamPosition Position { get; } = StreamPosition.Of(SequenceNumber);
}
