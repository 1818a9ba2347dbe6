namespace Collector.Storage;

/// <summary>
/// What a log item holds. Each kind of a request is an item of its own, so that an anonymous one stands beside nothing (I4).
/// </summary>
internal enum LogKind
{
    /// <summary>The AWS calls of a Pro session.</summary>
    Calls,

    /// <summary>Service, operation, status code and how often.</summary>
    Counts,

    /// <summary>CLI invocations.</summary>
    Cli,

    /// <summary>Uses of features.</summary>
    Features,

    /// <summary>No event, only the balance of those that were dropped.</summary>
    Ledger,
}
