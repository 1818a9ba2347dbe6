namespace Collector.Observability;

/// <summary>
/// Tells Lambda that an invocation failed. Its message quotes nothing of the event, and it has no inner exception whose message might: the
/// Lambda runtime reports and logs both.
/// </summary>
internal sealed class InvocationFailedException(string message) : Exception(message);
