namespace Collector.Storage;

/// <summary>
/// A deletion request. <paramref name="Credential"/>, <paramref name="SessionId"/> (null for all sessions of the credential) and
/// <paramref name="NextAt"/> are kept only until it is done.
/// </summary>
/// <param name="RequestedAt">Sessions that started later are not deleted.</param>
/// <param name="SettlesAt">Until then, a function that checked earlier whether it may write can still write.</param>
/// <param name="NextAt">When the worker's next turn at it is due.</param>
internal sealed record DeletionRequest(
    string Id, string Owner, string? Credential, string? SessionId, DateTimeOffset RequestedAt, DateTimeOffset SettlesAt,
    DateTimeOffset? NextAt,
    DateTimeOffset? FinishedAt);
