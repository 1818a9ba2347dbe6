namespace Collector.Tests.Fleet.Faults;

/// <summary>How much goes wrong in a run with faults.</summary>
/// <param name="Faults">The run goes on until at least so many were injected.</param>
/// <param name="Outage">How long DynamoDB is away, once in the middle.</param>
/// <param name="ClientShare">The share of requests to which something happens before or behind the gateway.</param>
/// <param name="StoreShare">The share of the functions' calls to DynamoDB to which something happens.</param>
/// <param name="Kinds">What goes wrong: everything, or some kinds only.</param>
/// <param name="AtMost">So long at most, whether there were so many or not.</param>
internal sealed record FaultOptions(
    int Faults, FaultKinds Kinds, TimeSpan Outage, TimeSpan AtMost, double ClientShare = 0.6, double StoreShare = 0.35);
