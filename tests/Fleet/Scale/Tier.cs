namespace Collector.Tests.Fleet.Scale;

/// <summary>What a request holds, and what of it costs more than the rest: one kind of traffic.</summary>
/// <param name="Name">As figures.json has it.</param>
/// <param name="Title">As docs/cost.md has it.</param>
/// <param name="RetentionDays">Days that its log items are kept: the template's default.</param>
/// <param name="WindowSeconds">How long its stream gathers them: the template's default.</param>
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
    /// Requests per second at which units are measured, or whose case is. From the last on, a batch of the Aggregator is full before a
    /// session sends again, so that its requests are counted one by one.
    /// </summary>
    public static IReadOnlyList<int> MeasuredRates { get; } = [1, 20, OneByOne];

    /// <summary>500 records in ten seconds from each of four shards.</summary>
    public const int OneByOne = 200;
}
