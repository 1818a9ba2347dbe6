namespace Collector.Policy;

/// <summary>
/// The settings of a deployment that change the policy: whether it tracks at all, which additional features it collects, and how long it
/// keeps data.
/// </summary>
internal sealed record PolicySwitches(
    bool TrackEvents, IReadOnlyCollection<string> ExtraFeatures, IReadOnlyDictionary<string, int> RetentionDays)
{
    /// <summary>
    /// The policy with these switches applied. Throws <see cref="InvalidDataException"/> when a switch names a feature that the policy does
    /// not have.
    /// </summary>
    public PolicyDocument Apply(PolicyDocument document)
    {
        foreach (var name in ExtraFeatures)
        {
            if (!document.Events.Any(e => e.Feature && e.Name == name))
                throw new InvalidDataException(
                    $"EXTRA_FEATURES names {name}, which is not a feature of the policy; its features are {string.Join(", ", document.Events.Where(e => e.Feature).Select(e => e.Name))}");
        }

        return document with
        {
            TrackEvents = TrackEvents,
            Events = [.. document.Events.Select(e => e with { Collected = e.Collected || ExtraFeatures.Contains(e.Name) })],
            Retention = document.Retention.ToDictionary(
                r => r.Key,
                r => r.Value.Parameter is { } parameter && RetentionDays.TryGetValue(parameter, out var days)
                    ? r.Value with { Days = days } : r.Value),
        };
    }
}
