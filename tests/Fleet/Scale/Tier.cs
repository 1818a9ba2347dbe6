namespace Collector.Tests.Fleet.Scale;

/// <summary>A kind of traffic: the content of a request, and its most expensive properties.</summary>
/// <param name="Name">The name in figures.json.</param>
/// <param name="Title">The name in docs/cost.md.</param>
/// <param name="RetentionDays">How many days its log items are kept, by the template's default.</param>
/// <param name="WindowSeconds">How many seconds its stream gathers them, by the template's default.</param>
internal sealed record Tier(string Name, string Title, int RetentionDays, int WindowSeconds)
{
    public static Tier Pro { get; } = new("pro", "Pro: single calls", 90, 20);

    public static Tier Counts { get; } = new("counts", "community: aggregated calls", 2, 60);

    public static Tier Cli { get; } = new("cli", "CLI", 2, 60);

    public static Tier Features { get; } = new("features", "features", 2, 60);

    public static IReadOnlyList<Tier> All { get; } = [Pro, Counts, Cli, Features];

    /// <summary>Events per request.</summary>
    public static IReadOnlyList<int> Batches { get; } = [1, 5, 20, 100];

    /// <summary>
    /// Requests per second at which units are measured. From the last rate on, a batch of the Aggregator becomes full before a session
    /// sends again, so that its requests are counted one by one.
    /// </summary>
    public static IReadOnlyList<int> MeasuredRates { get; } = [1, 20, OneByOne];

    /// <summary>500 records in ten seconds from each of four shards.</summary>
    public const int OneByOne = 200;
}
