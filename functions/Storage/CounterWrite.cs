namespace Collector.Storage;

/// <summary>The outcome of an update of a counter item.</summary>
internal enum CounterWriteOutcome
{
    /// <summary>The numbers were added and the checkpoint moved.</summary>
    Done,

    /// <summary>The item was not as expected; nothing changed.</summary>
    Refused,

    /// <summary>The item would have exceeded 400 KB, DynamoDB's limit; nothing changed.</summary>
    Full,
}

/// <param name="Item">
/// The item's state, if it is known: after a refusal the state that was found (null when there is no item), after success the new
/// state if it was requested.
/// </param>
internal readonly record struct CounterWrite(CounterWriteOutcome Outcome, CounterState? Item = null);

/// <summary>The state of a counter item as one stream shard's Aggregator sees it.</summary>
/// <param name="Numbers">Its numbers by attribute.</param>
/// <param name="Checkpoint">The shard's checkpoint in the item; null when there is none.</param>
internal sealed record CounterState(IReadOnlyDictionary<string, long> Numbers, CheckpointValue? Checkpoint);
