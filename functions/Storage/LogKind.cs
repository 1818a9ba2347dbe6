namespace Collector.Storage;

/// <summary>
/// The kind of a log item. Each kind of event in a request gets an item of its own, so that an anonymous event is stored together
/// with no other kind (I4).
/// </summary>
internal enum LogKind
{
    /// <summary>The AWS calls of a Pro session.</summary>
    Calls,

    /// <summary>Counts of calls by service, operation and status code.</summary>
    Counts,

    /// <summary>CLI invocations.</summary>
    Cli,

    /// <summary>Uses of features.</summary>
    Features,

    /// <summary>No events, only the counts of dropped ones.</summary>
    Ledger,
}
