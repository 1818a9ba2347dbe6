namespace Collector.Storage;

/// <summary>Takes the numbers of one attribute of one counter group, of one day or several.</summary>
internal delegate void CounterSink(string group, string attribute, ReadOnlySpan<DayCount> counts);
