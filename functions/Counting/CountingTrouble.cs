namespace Collector.Counting;

/// <summary>A problem of counting that an operator must know about. Each is reported as a metric with its name.</summary>
internal enum CountingTrouble
{
    /// <summary>
    /// A counter item has reached DynamoDB's limit of 400 KB. Further increments count as other, in an overflow item. There is an alarm.
    /// </summary>
    ItemFull,

    /// <summary>
    /// A checkpoint was sealed with another secret. A batch that was partly counted when the secret changed may count twice.
    /// </summary>
    CheckpointUnreadable,
}
