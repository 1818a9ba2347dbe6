using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>The policy under test: the one that is shipped, with a secret of the tests' own.</summary>
internal static class Policies
{
    public static Fingerprints Fingerprints { get; } = new("a secret for tests, 32 characters long or more");

    public static CollectionPolicy Shipped { get; } = With();

    /// <summary>The shipped policy with every feature switched on.</summary>
    public static CollectionPolicy Everything { get; } = With(extra: Shipped.Enforced.Events.Where(e => e.Feature).Select(e => e.Name));

    public static CollectionPolicy With(bool track = true, IEnumerable<string>? extra = null, int? sessionDays = null) => CollectionPolicy.Load(
        new PolicySwitches(track, [.. extra ?? []], sessionDays is { } days ? new Dictionary<string, int> { ["SESSION_RETENTION_DAYS"] = days } : []),
        Fingerprints);
}
