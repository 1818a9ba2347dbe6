namespace Collector.Policy;

/// <summary>
/// The result of cleaning one event: the clean <see cref="Event"/> or the reason for dropping it, and how often each field was stripped.
/// </summary>
internal readonly record struct CleanResult(CleanEvent? Event, Outcome Reason, IReadOnlyCollection<KeyValuePair<string, int>> Stripped)
{
    /// <summary>A dropped event, without stripped fields.</summary>
    public static CleanResult Dropped(Outcome reason) => new(null, reason, []);
}
