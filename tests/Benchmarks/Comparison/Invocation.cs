namespace Collector.Benchmarks.Comparison;

/// <summary>An event as the Runtime API sends it, with HTTP headers.</summary>
/// <param name="Answer">Text that the answer must contain.</param>
internal sealed record Invocation(ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> Answer);
