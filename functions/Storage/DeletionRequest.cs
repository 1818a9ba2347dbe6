namespace Collector.Storage;

/// <summary>
/// A request to be forgotten. <paramref name="Credential"/> and <paramref name="SessionId"/> (null for all of the credential's sessions) are there only
/// until it is done.
/// </summary>
/// <param name="RequestedAt">Sessions that started later are not part of it.</param>
/// <param name="SettlesAt">Before this, something may still be written by who read earlier that it may.</param>
internal sealed record DeletionRequest(
    string Id, string Owner, string? Credential, string? SessionId, DateTimeOffset RequestedAt, DateTimeOffset SettlesAt, DateTimeOffset? FinishedAt);
