namespace Collector.Tests.Fleet;

/// <summary>
/// All kinds of events, or, to measure costs, only one: a Pro session's calls in full batches, or the community's counts.
/// </summary>
internal enum Traffic { All, Pro, Community }
