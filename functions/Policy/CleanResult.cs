namespace Collector.Policy;

/// <summary>
/// What came of one event: kept (<see cref="Event"/>), or dropped for a reason; and how often each of its fields was stripped.
/// </summary>
internal readonly record struct CleanResult(CleanEvent? Event, Outcome Reason, IReadOnlyCollection<KeyValuePair<string, int>> Stripped)
{
    /// <summary>Dropped whole: no field is counted beside it.</summary>
    public static CleanResult Dropped(Outcome reason) => new(null, reason, []);
}
