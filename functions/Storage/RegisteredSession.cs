namespace Collector.Storage;

/// <summary>A registered session, as read from its item.</summary>
internal sealed record RegisteredSession(
    string Id,
    DateTimeOffset StartedAt,
    SessionStatus Status,
    string? Machine,
    string? System,
    string? Version,
    bool IsCi,
    bool IsDocker,
    IReadOnlyDictionary<string, long> Stripped);
