namespace Collector.Policy;

/// <summary>Why an event was dropped. The names are those of the answers and of the ledger.</summary>
internal enum DropReason
{
    /// <summary>The policy names it as never collected, or it is switched off.</summary>
    NotCollected,

    /// <summary>The policy does not know its name.</summary>
    UnknownEvent,

    /// <summary>The policy collects it at another route.</summary>
    WrongEndpoint,

    /// <summary>A field it cannot do without is missing or has the wrong shape.</summary>
    Invalid,

    /// <summary>The deployment, or the owner of the session's credential, does not want to be tracked.</summary>
    OptedOut,

    /// <summary>It is beyond the number of events, entries, operations or sessions that one request may hold.</summary>
    TooMany,

    /// <summary>It claims more calls than a client can make in the time since its last flush.</summary>
    Implausible,
}

internal static class DropReasons
{
    public static string Name(this DropReason reason) => reason switch
    {
        DropReason.NotCollected => "not_collected",
        DropReason.UnknownEvent => "unknown_event",
        DropReason.WrongEndpoint => "wrong_endpoint",
        DropReason.Invalid => "invalid",
        DropReason.OptedOut => "opted_out",
        DropReason.TooMany => "too_many",
        DropReason.Implausible => "implausible",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
