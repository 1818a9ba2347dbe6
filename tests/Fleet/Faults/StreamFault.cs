namespace Collector.Tests.Fleet.Faults;

/// <summary>What may happen to a table's stream and to the deliveries of it.</summary>
internal enum StreamFault
{
    None,

    /// <summary>Everything is delivered a second time, in batches of another size.</summary>
    DeliveredTwice,

    /// <summary>A batch begins with what has been counted before.</summary>
    DeliveredInPart,

    /// <summary>A batch is delivered as two halves.</summary>
    Bisected,

    /// <summary>A second delivery starts while the first still runs.</summary>
    TwoAtOnce,

    /// <summary>A shard ends, and one or two children begin.</summary>
    ShardEnds,
}
