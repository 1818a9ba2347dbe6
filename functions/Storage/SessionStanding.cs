namespace Collector.Storage;

/// <summary>What may be kept of a session's events: everything the policy names, counts alone, or nothing.</summary>
internal enum SessionStanding { Community, Pro, OptedOut }

internal static class SessionStandings
{
    public static string Name(this SessionStanding standing) => standing switch
    {
        SessionStanding.Pro => "pro",
        SessionStanding.OptedOut => "opted_out",
        _ => "community",
    };

    /// <summary>What isn't known is community: the least that is kept of a session that is tracked.</summary>
    public static SessionStanding Parse(string name) => name switch
    {
        "pro" => SessionStanding.Pro,
        "opted_out" => SessionStanding.OptedOut,
        _ => SessionStanding.Community,
    };
}
