namespace Collector.Observability;

/// <summary>
/// Tells Lambda that an invocation failed. It holds no other exception: the Lambda runtime would log and report that one's message, which
/// may quote the event.
/// </summary>
internal sealed class FailedInvocationException(string message) : Exception(message);
