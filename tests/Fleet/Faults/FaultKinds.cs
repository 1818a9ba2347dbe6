namespace Collector.Tests.Fleet.Faults;

/// <summary>The kinds of faults in a run.</summary>
/// <param name="wanted">Members of <see cref="Known"/>; an empty list means all.</param>
internal sealed class FaultKinds(IReadOnlyCollection<string> wanted)
{
    /// <summary>A function killed at a random moment.</summary>
    public const string Killed = nameof(Killed);

    /// <summary>Records that the Aggregator cannot read.</summary>
    public const string Unreadable = nameof(Unreadable);

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. All<ClientFault>().Concat(All<StoreFault>()).Concat(All<StreamFault>()), Killed, Unreadable];

    /// <summary>Whether all wanted kinds occur only once, so that no minimum number of faults can be reached.</summary>
    public bool HappenOnce => wanted.Count > 0 && wanted.All(kind => kind is nameof(StoreFault.Outage) or Unreadable);

    public bool Has(string kind) => wanted.Count == 0 || wanted.Contains(kind);

    /// <summary>The wanted members of an enumeration, whose first member means no fault.</summary>
    public T[] Of<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Skip(1).Where(kind => Has(kind.ToString()))];

    private static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetNames<T>().Skip(1);
}
