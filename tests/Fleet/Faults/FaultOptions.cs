namespace Collector.Tests.Fleet.Faults;

/// <summary>The amount of faults in a run.</summary>
/// <param name="Faults">The run continues until at least this many faults were injected.</param>
/// <param name="Outage">The length of the single DynamoDB outage in the middle of the run.</param>
/// <param name="ClientShare">The share of requests that suffer a fault before or after the gateway.</param>
/// <param name="StoreShare">The share of the functions' calls to DynamoDB that suffer a fault.</param>
/// <param name="Kinds">The kinds of faults: all, or only some.</param>
/// <param name="AtMost">The longest time for faults, even if there were too few.</param>
internal sealed record FaultOptions(
    int Faults, FaultKinds Kinds, TimeSpan Outage, TimeSpan AtMost, double ClientShare = 0.6, double StoreShare = 0.35);
