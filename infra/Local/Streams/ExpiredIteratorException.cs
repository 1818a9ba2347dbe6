namespace Collector.Local.Streams;

/// <summary>An iterator has expired. A new one can be requested for the same position.</summary>
internal sealed class ExpiredIteratorException : Exception;
