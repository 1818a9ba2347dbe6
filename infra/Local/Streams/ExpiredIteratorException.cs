namespace Collector.Local.Streams;

/// <summary>An iterator can no longer be used; the position it stood for can.</summary>
internal sealed class ExpiredIteratorException : Exception;
