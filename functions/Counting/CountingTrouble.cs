namespace Collector.Counting;

/// <summary>What an operator has to know of counting; each has a metric of its name, on which there is an alarm.</summary>
internal enum CountingTrouble
{
    /// <summary>
    /// A counter item has reached the 400 KB that DynamoDB gives an item; what follows counts as other, in an item of its own.
    /// </summary>
    ItemFull,

    /// <summary>
    /// A checkpoint was sealed with another secret. A batch that was partly counted when the secret changed may count twice.
    /// </summary>
    CheckpointUnreadable,
}
