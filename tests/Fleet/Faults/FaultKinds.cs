namespace Collector.Tests.Fleet.Faults;

/// <summary>Which kinds of faults a run has.</summary>
/// <param name="wanted">Of <see cref="Known"/>; none of them means all.</param>
internal sealed class FaultKinds(IReadOnlyCollection<string> wanted)
{
    /// <summary>A function killed at a random moment.</summary>
    public const string Killed = nameof(Killed);

    /// <summary>Records that no Aggregator can read.</summary>
    public const string Unreadable = nameof(Unreadable);

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. All<ClientFault>().Concat(All<StoreFault>()).Concat(All<StreamFault>()), Killed, Unreadable];

    /// <summary>Whether only kinds are wanted that happen once: no number of faults is ever reached.</summary>
    public bool HappenOnce => wanted.Count > 0 && wanted.All(kind => kind is nameof(StoreFault.Outage) or Unreadable);

    public bool Has(string kind) => wanted.Count == 0 || wanted.Contains(kind);

    /// <summary>Those of an enumeration, whose first member means that nothing happens.</summary>
    public T[] Of<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Skip(1).Where(kind => Has(kind.ToString()))];

    private static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetNames<T>().Skip(1);
}
