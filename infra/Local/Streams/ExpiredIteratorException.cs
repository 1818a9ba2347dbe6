namespace Collector.Local.Streams;

/// <summary>An iterator has expired. A new one can be made for the same position.</summary>
internal sealed class ExpiredIteratorException : Exception;
