namespace Collector.Tests.Fleet.Scale;

/// <summary>A steady stream of requests of one tier, all with the same number of events.</summary>
/// <param name="Tier">The content of the requests.</param>
/// <param name="Batch">Events per request.</param>
/// <param name="Rate">Requests per second.</param>
internal sealed record Load(Tier Tier, int Batch, double Rate)
{
    /// <summary>Whether a request's session is looked up, as for calls and counts; anonymous events never need it.</summary>
    public bool HasSession => Tier == Tier.Pro || Tier == Tier.Counts;
}
