using Collector.Policy;

namespace Collector.Ingest;

/// <summary>Which events are dropped without a look at their fields. Ingest and the preview ask here, so that they cannot differ.</summary>
internal static class Admission
{
    /// <summary>Why the event is dropped; null when it is to be cleaned.</summary>
    /// <param name="untrusted">The event.</param>
    /// <param name="endpoint">The endpoint whose events alone are taken; null for all.</param>
    /// <param name="policy">The policy.</param>
    public static Outcome? Refusal(RawEvent untrusted, string? endpoint, CollectionPolicy policy) => untrusted switch
    {
        { Rule: null } => Outcome.UnknownEvent,
        { Rule.Collected: false } => Outcome.NotCollected,
        { Rule: { } rule } when !IsTakenAt(endpoint, rule) => Outcome.WrongEndpoint,
        _ => policy.TrackEvents ? null : Outcome.OptedOut,
    };

    /// <summary>Sessions and licence activations have routes of their own.</summary>
    public static bool IsTakenAt(string? endpoint, EventRule rule) =>
        rule.Kind is not (EventKind.Session or EventKind.Activation) && (endpoint is null || rule.Endpoint == endpoint);
}
