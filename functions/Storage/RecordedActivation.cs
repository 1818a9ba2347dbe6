namespace Collector.Storage;

/// <summary>A licence activation, as read from its item.</summary>
/// <param name="At">When it was first reported.</param>
internal sealed record RecordedActivation(string Credential, DateTimeOffset At, bool IsCi);
