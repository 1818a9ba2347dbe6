namespace Collector.Storage;

/// <summary>The state of a session that ingest needs.</summary>
/// <param name="IsRegistered">Whether the session is registered; from then on only a deletion changes its status.</param>
/// <param name="Services">The services that it has called before; none for a session that is not Pro.</param>
internal sealed record SessionState(SessionStatus Status, bool IsRegistered = false, IReadOnlyList<string>? Services = null);
