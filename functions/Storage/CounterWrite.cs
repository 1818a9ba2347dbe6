namespace Collector.Storage;

/// <summary>What became of an update of a counter item.</summary>
internal enum CounterWriteOutcome
{
    /// <summary>The numbers were added and the checkpoint moved.</summary>
    Done,

    /// <summary>The item was not as expected, and nothing changed.</summary>
    Refused,

    /// <summary>The item would have become larger than the 400 KB that DynamoDB gives an item, and nothing changed.</summary>
    Full,
}

/// <param name="Item">
/// The item's state, where it is known: after a refusal the one that was found (null when there is no item), after success the new one if
/// it was asked for.
/// </param>
internal readonly record struct CounterWrite(CounterWriteOutcome Outcome, CounterState? Item = null);

/// <summary>The state of a counter item as one stream shard's Aggregator sees it.</summary>
/// <param name="Numbers">Its numbers by attribute.</param>
/// <param name="Checkpoint">The shard's checkpoint in it; null when it has none.</param>
internal sealed record CounterState(IReadOnlyDictionary<string, long> Numbers, CheckpointValue? Checkpoint);
