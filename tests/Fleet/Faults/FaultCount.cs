using System.Collections.Concurrent;

namespace Collector.Tests.Fleet.Faults;

/// <summary>The faults that were injected, by kind.</summary>
internal sealed class FaultCount
{
    private readonly ConcurrentDictionary<string, int> kinds = new();

    public int Total => kinds.Values.Sum();

    public void Add(string kind) => kinds.AddOrUpdate(kind, 1, (_, count) => count + 1);

    public IReadOnlyList<(string Kind, int Count)> ByKind => [.. kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => (kind.Key, kind.Value))];
}
