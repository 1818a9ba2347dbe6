namespace Collector.Storage;

/// <summary>Receives the numbers of one attribute of one counter group, for one or more days.</summary>
internal delegate void CounterSink(string group, string attribute, ReadOnlySpan<DayCount> counts);
