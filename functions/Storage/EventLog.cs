using Collector.Policy;

namespace Collector.Storage;

/// <summary>The two logs, and which of them an item belongs to.</summary>
internal sealed class EventLog(CallsTable calls, AnonymousTable anonymous)
{
    /// <summary>
    /// Adds an item to the log it belongs to unless it is there; false when it was. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> Append(LogItem item, DateTimeOffset now, CollectionPolicy policy) =>
        item.Kind == LogKind.Calls ? calls.Append(item, now, policy) : anonymous.Append(item, now, policy);
}
