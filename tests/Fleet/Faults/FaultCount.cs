using System.Collections.Concurrent;

namespace Collector.Tests.Fleet.Faults;

/// <summary>The injected faults, by place and kind.</summary>
internal sealed class FaultCount
{
    private readonly ConcurrentDictionary<string, int> times = new();
    private readonly ConcurrentDictionary<string, bool> kinds = new();

    public int Total => times.Values.Sum();

    /// <summary>One line for each place, kind and detail, in order.</summary>
    public IReadOnlyList<(string Fault, int Times)> Lines =>
        [.. times.OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => (line.Key, line.Value))];

    /// <param name="kind">A member of <see cref="FaultKinds.Known"/>.</param>
    public void Add(string place, string kind, string detail = "")
    {
        kinds[kind] = true;
        times.AddOrUpdate($"{place}: {kind} {detail}".TrimEnd(), 1, (_, count) => count + 1);
    }

    /// <summary>The wanted kinds that have not occurred yet.</summary>
    public IReadOnlyList<string> Missing(FaultKinds wanted) =>
        [.. FaultKinds.Known.Where(kind => wanted.Has(kind) && !kinds.ContainsKey(kind))];
}
