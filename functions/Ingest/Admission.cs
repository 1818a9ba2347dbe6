using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// Decides which events are dropped before their fields are read. Ingest and the preview both use it, so that they cannot differ.
/// </summary>
internal static class Admission
{
    /// <summary>The reason for dropping the event; null when the event is to be cleaned.</summary>
    /// <param name="untrusted">The event.</param>
    /// <param name="endpoint">The endpoint whose events are accepted; null accepts those of all endpoints.</param>
    /// <param name="policy">The policy.</param>
    public static Outcome? Refusal(RawEvent untrusted, string? endpoint, CollectionPolicy policy) => untrusted switch
    {
        { Rule: null } => Outcome.UnknownEvent,
        { Rule.Collected: false } => Outcome.NotCollected,
        { Rule: { } rule } when !IsTakenAt(endpoint, rule) => Outcome.WrongEndpoint,
        _ => policy.TrackEvents ? null : Outcome.OptedOut,
    };

    /// <summary>Whether events of this rule are accepted at the endpoint. Sessions and licence activations have their own routes.</summary>
    public static bool IsTakenAt(string? endpoint, EventRule rule) =>
        rule.Kind is not (EventKind.Session or EventKind.Activation) && (endpoint is null || rule.Endpoint == endpoint);
}
