namespace Collector.Tests.Fleet.Scale;

/// <summary>The traffic at one time.</summary>
/// <param name="Pro">Requests with calls.</param>
/// <param name="Counts">Requests with counts.</param>
/// <param name="Sessions">Started sessions per second.</param>
internal sealed record Moment(Load Pro, Load Counts, double Sessions);
