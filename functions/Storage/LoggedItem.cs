namespace Collector.Storage;

/// <summary>A log item of a session as it is stored; <see cref="LogEntry.Unpack"/> reads <paramref name="Data"/>.</summary>
internal sealed record LoggedItem(string Receipt, DateTimeOffset At, Stream Data);

/// <summary>What one query gave; <paramref name="Behind"/> is the receipt to go on behind, null at the end.</summary>
internal sealed record LogPage(IReadOnlyList<LoggedItem> Items, string? Behind);
