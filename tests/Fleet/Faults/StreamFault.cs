namespace Collector.Tests.Fleet.Faults;

/// <summary>The possible faults of a table's stream and its deliveries.</summary>
internal enum StreamFault
{
    None,

    /// <summary>All records are delivered a second time, in batches of another size.</summary>
    DeliveredTwice,

    /// <summary>A batch begins with records that were counted before.</summary>
    DeliveredInPart,

    /// <summary>A batch is delivered as two halves.</summary>
    Bisected,

    /// <summary>A second delivery starts while the first still runs.</summary>
    TwoAtOnce,

    /// <summary>A shard ends, and one or two children begin.</summary>
    ShardEnds,
}
