namespace Collector.Storage;

/// <summary>
/// The key of a counter item. <paramref name="Metric"/> says what is counted, and for which day, session or credential
/// (<c>requests#2026-11-22</c>); <paramref name="Group"/> says which part of it the item holds. Only the metric's file in
/// <c>Metrics/</c> makes and reads both.
/// </summary>
internal readonly record struct CounterKey(string Metric, string Group);
