namespace Collector.Tests.Fleet.Scale;

/// <summary>What arrives at one time.</summary>
/// <param name="Pro">Requests with calls.</param>
/// <param name="Counts">Requests with counts.</param>
/// <param name="Sessions">Sessions that start in a second.</param>
internal sealed record Moment(Load Pro, Load Counts, double Sessions);
