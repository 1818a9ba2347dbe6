namespace Collector.Storage;

/// <summary>
/// A request to be forgotten. <paramref name="Credential"/>, <paramref name="SessionId"/> (null for all of the credential's sessions) and
/// <paramref name="NextAt"/> are there only until it is done.
/// </summary>
/// <param name="RequestedAt">Sessions that started later are not part of it.</param>
/// <param name="SettlesAt">Until then, a function that read earlier that it may write can still write something.</param>
/// <param name="NextAt">When the worker takes its next turn at it.</param>
internal sealed record DeletionRequest(
    string Id, string Owner, string? Credential, string? SessionId, DateTimeOffset RequestedAt, DateTimeOffset SettlesAt,
    DateTimeOffset? NextAt,
    DateTimeOffset? FinishedAt);
