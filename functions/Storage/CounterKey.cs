namespace Collector.Storage;

/// <summary>
/// The key of a counter item. <paramref name="Metric"/> says what is counted and of when or whom (<c>requests#2026-11-22</c>), <paramref
/// name="Group"/> which part of it the item holds. Both are made and read by the metric's file in <c>Metrics/</c> alone.
/// </summary>
internal readonly record struct CounterKey(string Metric, string Group);
