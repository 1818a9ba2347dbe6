namespace Collector.Observability;

/// <summary>
/// An event is not JSON, or is not of its type's shape. The serializer's own exception is left out: it names members of the event.
/// </summary>
internal sealed class UnreadableEventException(Type type, Exception? cause)
    : Exception($"The event cannot be read as {type.Name}{(cause is null ? "" : $" ({cause.GetType().Name})")}.");
