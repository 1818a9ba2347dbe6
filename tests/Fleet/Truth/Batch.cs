namespace Collector.Tests.Fleet.Truth;

/// <summary>
/// One request of a client, and what it adds to the rows of the usage API when it is counted once. <paramref name="Rows"/> does not contain
/// stripped fields, which the collector's answer reports.
/// </summary>
/// <param name="Path">The path after the stage: <c>session</c>, <c>events</c> or <see cref="Activation"/>.</param>
/// <param name="Stripped">The most that may be stripped, by event and path: the upper bound where no answer reports it.</param>
internal sealed record Batch(
    string Path,
    byte[] Body,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, long> Rows,
    Lazy<IReadOnlyDictionary<string, long>> Stripped,
    int Events)
{
    public const string Activation = "license/activations";

    public bool IsSession => Path == "session";

    /// <summary>Whether the ledger counts it: it counts events, not activations.</summary>
    public bool IsInLedger => Path != Activation;
}
