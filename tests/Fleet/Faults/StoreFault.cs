namespace Collector.Tests.Fleet.Faults;

/// <summary>What may happen to a call between a function and DynamoDB.</summary>
internal enum StoreFault
{
    None,

    /// <summary>Applied; the connection is closed without an answer.</summary>
    AnswerLost,

    /// <summary>Applied; the connection is cut in the middle of the answer.</summary>
    AnswerCut,

    /// <summary>The connection is closed and nothing is applied.</summary>
    RequestLost,

    /// <summary>Held until the SDK has given up and sent it again, and applied then.</summary>
    TooLate,

    Throttled,
    ServerError,

    /// <summary>SIGKILL for the function when its call has arrived and nothing is applied.</summary>
    KilledBefore,

    /// <summary>SIGKILL for the function when its call has been applied.</summary>
    KilledAfter,

    /// <summary>SIGSTOP for the function: it times out, and Lambda ends it.</summary>
    TimedOut,

    /// <summary>Part of an outage: nothing answers.</summary>
    Outage,
}
