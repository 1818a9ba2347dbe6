namespace Collector.Storage;

/// <summary>A licence activation as its item tells of it.</summary>
/// <param name="At">When it was first reported.</param>
internal sealed record RecordedActivation(string Credential, DateTimeOffset At, bool IsCi);
