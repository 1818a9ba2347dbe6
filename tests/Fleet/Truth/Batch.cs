namespace Collector.Tests.Fleet.Truth;

/// <summary>
/// One request of a client, and what it adds to the rows of the usage API when it is counted once. What is stripped of its events is not in
/// <paramref name="Rows"/>: the collector's answer says it.
/// </summary>
/// <param name="Path"><c>session</c>, <c>events</c> or <see cref="Activation"/>, behind the stage's address.</param>
/// <param name="Stripped">The most that may be stripped, by event and path: the upper bound where there is no answer that says it.</param>
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

    /// <summary>Whether the ledger counts it: events only, not activations.</summary>
    public bool IsInLedger => Path != Activation;
}
