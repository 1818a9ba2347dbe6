namespace Collector.Benchmarks.Comparison;

/// <summary>An event as the Runtime API gives it, with its HTTP headers.</summary>
/// <param name="Answer">What the answer must contain.</param>
internal sealed record Invocation(ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> Answer);
