using Collector.Storage;

namespace Collector.Metrics;

/// <summary>One number to be added to one attribute of one counter item.</summary>
internal readonly record struct Increment(CounterKey Key, string Attribute, long Amount);
