namespace Collector.Counting;

/// <summary>Conditions that an operator must know about. Each is counted in a metric.</summary>
internal enum CountingTrouble
{
    /// <summary>
    /// A counter item has reached 400 KB, DynamoDB's limit. Further increments count as <c>other</c>, in a separate item.
    /// </summary>
    ItemFull,

    /// <summary>
    /// A checkpoint was sealed with another secret. A batch that was partly counted when the secret changed may count twice.
    /// </summary>
    CheckpointUnreadable,
}
