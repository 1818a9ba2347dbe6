using Collector.Policy;

namespace Collector.Storage;

/// <summary>Both logs: writes an item to the one it belongs to.</summary>
internal sealed class EventLog(CallsTable calls, AnonymousTable anonymous)
{
    /// <summary>Adds an item to its log; false when it exists already. Throws <see cref="StoreUnavailableException"/>.</summary>
    public Task<bool> Append(LogItem item, DateTimeOffset now, CollectionPolicy policy) =>
        item.Kind == LogKind.Calls ? calls.Append(item, now, policy) : anonymous.Append(item, now, policy);
}
