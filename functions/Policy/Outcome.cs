namespace Collector.Policy;

/// <summary>
/// The outcome of an event: it is stored, it was stored before, or it is dropped for one of the other reasons. The answer, the metrics and
/// the ledger all report it under the same name.
/// </summary>
internal enum Outcome
{
    /// <summary>Stored durably.</summary>
    Stored,

    /// <summary>Part of a request that was stored before; nothing changed. A dropped event is never a duplicate.</summary>
    Duplicate,

    /// <summary>Dropped: the policy never collects it, or it is switched off.</summary>
    NotCollected,

    /// <summary>Dropped: the policy does not know its name.</summary>
    UnknownEvent,

    /// <summary>Dropped: the policy collects it at another route.</summary>
    WrongEndpoint,

    /// <summary>Dropped: a required field is missing or has the wrong shape.</summary>
    Invalid,

    /// <summary>
    /// Dropped: the deployment or the owner of the session's credential switched tracking off, or the session was deleted.
    /// </summary>
    OptedOut,

    /// <summary>Dropped: it exceeds the number of events, entries, operations or sessions that one request may contain.</summary>
    TooMany,

    /// <summary>Dropped: it claims more calls than a client can make in the time since its last flush.</summary>
    Implausible,
}

internal static class Outcomes
{
    public static string Name(this Outcome outcome) => outcome switch
    {
        Outcome.Stored => "stored",
        Outcome.Duplicate => "duplicate",
        Outcome.NotCollected => "not_collected",
        Outcome.UnknownEvent => "unknown_event",
        Outcome.WrongEndpoint => "wrong_endpoint",
        Outcome.Invalid => "invalid",
        Outcome.OptedOut => "opted_out",
        Outcome.TooMany => "too_many",
        Outcome.Implausible => "implausible",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
