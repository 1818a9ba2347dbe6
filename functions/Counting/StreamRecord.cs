using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>A record of a stream shard and its increments for the counters.</summary>
internal sealed record StreamRecord(string SequenceNumber, IReadOnlyList<Increment> Increments)
{
    /// <summary>The number of this part, when the record is counted in several parts.</summary>
    public int Part { get; init; }

    public StreamPosition Position { get; } = StreamPosition.Of(SequenceNumber);
}
