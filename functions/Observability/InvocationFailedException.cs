namespace Collector.Observability;

/// <summary>
/// What Lambda is told of an invocation that failed. Its message holds nothing of the event, and there is no inner exception whose message might: the
/// runtime reports and logs both.
/// </summary>
internal sealed class InvocationFailedException(string message) : Exception(message);
