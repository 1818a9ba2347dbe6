namespace Collector.Storage;

/// <summary>What ingest has to know of a session.</summary>
/// <param name="IsRegistered">Whether the session is registered: then only a deletion changes its status.</param>
/// <param name="Services">The services that it has called before; none for one that is not Pro.</param>
internal sealed record SessionState(SessionStatus Status, bool IsRegistered = false, IReadOnlyList<string>? Services = null);
