namespace Collector.Tests.Unit.Privacy;

/// <summary>Tests that measure the memory of the whole process: no other test runs in parallel.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
