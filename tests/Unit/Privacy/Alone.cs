namespace Collector.Tests.Unit.Privacy;

/// <summary>Tests that look at the whole process's memory: no other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
