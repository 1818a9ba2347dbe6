namespace Collector.Observability;

/// <summary>
/// Tells Lambda that an invocation failed. Its message quotes nothing of the event. It has no inner exception, whose message might, because
/// the Lambda runtime reports and logs both.
/// </summary>
internal sealed class InvocationFailedException(string message) : Exception(message);
