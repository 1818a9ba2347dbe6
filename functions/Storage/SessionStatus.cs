using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// What may be kept of a session's events: what its <see cref="Policy.Tier"/> allows, or nothing when <see cref="Tier"/> is
/// null. The default is nothing.
/// </summary>
internal readonly record struct SessionStatus
{
    private SessionStatus(Tier? tier) => Tier = tier;

    public static SessionStatus Community { get; } = new(Policy.Tier.Community);

    public static SessionStatus Pro { get; } = new(Policy.Tier.Pro);

    public static SessionStatus OptedOut { get; }

    /// <summary>The tier whose fields are kept; null when the session is opted out.</summary>
    public Tier? Tier { get; }

    /// <summary>The status as its table stores it.</summary>
    public string Name => Tier switch
    {
        Policy.Tier.Pro => "pro",
        Policy.Tier.Community => "community",
        _ => "opted_out",
    };

    public static SessionStatus Of(Tier tier) => new(tier);

    /// <summary>Reads <see cref="Name"/>. An unknown name is read as community, which keeps the least of a tracked session.</summary>
    public static SessionStatus Parse(string name) => name switch
    {
        "pro" => Pro,
        "opted_out" => OptedOut,
        _ => Community,
    };
}
