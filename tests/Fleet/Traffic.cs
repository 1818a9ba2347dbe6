namespace Collector.Tests.Fleet;

/// <summary>
/// Everything that there is, or for measuring costs one thing alone: a Pro session's calls in full batches, the community's counts.
/// </summary>
internal enum Traffic { All, Pro, Community }
