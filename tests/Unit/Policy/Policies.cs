using System.Text.Json;
using Collector.Counting;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>The policies of the tests, based on the shipped policy, with a secret for tests.</summary>
internal static class Policies
{
    private const string Secret = "a secret for tests of 32 characters or more";

    public static Fingerprints Fingerprints { get; } = new(Secret);

    public static CheckpointSeal Seal { get; } = new(Fingerprints);

    public static CollectionPolicy Shipped { get; } = With();

    /// <summary>The shipped policy with every feature switched on.</summary>
    public static CollectionPolicy Everything { get; } = With(extra: Shipped.Enforced.Events.Where(e => e.Feature).Select(e => e.Name));

    /// <summary>A policy made by a test.</summary>
    public static CollectionPolicy Of(PolicyDocument document) =>
        CollectionPolicy.Load(
            JsonSerializer.SerializeToUtf8Bytes(document, PolicyJson.Default.PolicyDocument),
            new PolicySwitches(true, [], new Dictionary<string, int>()), Fingerprints);

    public static CollectionPolicy With(bool track = true, IEnumerable<string>? extra = null, int? sessionDays = null) =>
        CollectionPolicy.Load(
        new PolicySwitches(track, [.. extra ?? []], sessionDays is { } days
            ? new Dictionary<string, int> { ["SESSION_RETENTION_DAYS"] = days } : []),
        Fingerprints);
}
