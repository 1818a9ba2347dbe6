namespace Collector.Storage;

/// <summary>A session as its item tells of it.</summary>
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
