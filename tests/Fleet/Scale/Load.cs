namespace Collector.Tests.Fleet.Scale;

/// <summary>A steady stream of requests of one tier, all with as many events.</summary>
/// <param name="Tier">What they hold.</param>
/// <param name="Batch">Events in each.</param>
/// <param name="Rate">Requests a second.</param>
internal sealed record Load(Tier Tier, int Batch, double Rate)
{
    /// <summary>Whether a request's session is looked up: that of calls is, that of anonymous events never.</summary>
    public bool HasSession => Tier == Tier.Pro || Tier == Tier.Counts;
}
