namespace Collector.Storage;

/// <summary>What may be kept of a session's events: everything the policy names, counts alone, or nothing.</summary>
internal enum SessionStatus { Community, Pro, OptedOut }

internal static class SessionStatuss
{
    public static string Name(this SessionStatus standing) => standing switch
    {
        SessionStatus.Pro => "pro",
        SessionStatus.OptedOut => "opted_out",
        _ => "community",
    };

    /// <summary>What isn't known is community: the least that is kept of a session that is tracked.</summary>
    public static SessionStatus Parse(string name) => name switch
    {
        "pro" => SessionStatus.Pro,
        "opted_out" => SessionStatus.OptedOut,
        _ => SessionStatus.Community,
    };
}
