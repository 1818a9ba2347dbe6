namespace Collector.Tests.Fleet.Faults;

/// <summary>The possible faults of a call between a function and DynamoDB.</summary>
internal enum StoreFault
{
    None,

    /// <summary>Applied; the connection is closed without an answer.</summary>
    AnswerLost,

    /// <summary>Applied; the connection is cut in the middle of the answer.</summary>
    AnswerCut,

    /// <summary>Not applied; the connection is closed.</summary>
    RequestLost,

    /// <summary>Delayed until the SDK has given up and repeated it, and then applied.</summary>
    TooLate,

    Throttled,
    ServerError,

    /// <summary>The function gets SIGKILL when its call has arrived but is not applied.</summary>
    KilledBefore,

    /// <summary>The function gets SIGKILL when its call has been applied.</summary>
    KilledAfter,

    /// <summary>The function gets SIGSTOP: it times out, and Lambda ends it.</summary>
    TimedOut,

    /// <summary>Part of an outage: no call is answered.</summary>
    Outage,
}
