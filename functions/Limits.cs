namespace Collector;

/// <summary>
/// Every limit that keeps one sender, or one large piece of work, from holding up the others, each with its reason. Limits of a single
/// field (how long a text may be, how large a number) are the policy's, in policy.json.
/// </summary>
internal static class Limits
{
    // ---- Log items

    /// <summary>
    /// Calls in one log item. Each can bring up to three attributes (operation, user agent, region) into its session's hour, and one update
    /// takes
    /// <see cref="AttributesPerUpdate"/>.
    /// </summary>
    public const int CallsPerLogItem = 60;

    /// <summary>Counts, invocations or uses in one log item: each brings one attribute or a few that share an update.</summary>
    public const int EntriesPerLogItem = 180;

    /// <summary>
    /// Bytes of JSON after which a log item takes no further entry. Compressed content is never larger than this plus one entry, which is
    /// at most 64 KB, so a log item stays below the 350 KB that it is given of DynamoDB's 400.
    /// </summary>
    public const int LogItemJsonBytes = 280 * 1024;

    // ---- Counter items

    /// <summary>Attributes in one update: an expression is at most 4 KB of text, and one attribute takes up to 11 bytes of it.</summary>
    public const int AttributesPerUpdate = 200;

    /// <summary>User agents, and regions, of a session that are counted by name in one hour. Nobody who uses real tools has more.</summary>
    public const int NamesPerSessionHour = 200;

    /// <summary>
    /// Combinations of operation and status code of a session that are counted by name in one hour: some 200 operations with five status
    /// codes each.
    /// </summary>
    public const int CallsPerSessionHour = 1_000;

    /// <summary>
    /// Bytes of command names in one item of CLI counters, and as many again for the same commands with other parameters. The command
    /// catalog fits (a test computes it), so no sender can keep a known command out.
    /// </summary>
    public const int CommandBytes = 64 * 1024;

    /// <summary>
    /// Bytes of commands with a set of parameters in one item of CLI counters: what is beyond counts as the command with other parameters.
    /// </summary>
    public const int ParameterSetBytes = 96 * 1024;

    /// <summary>
    /// Bytes that sets of labels, with their numbers, take of a feature's item. Label sets that policy.json lists all fit (a test computes
    /// it).
    /// </summary>
    public const int LabelSetBytes = 200 * 1024;

    /// <summary>Bytes of versions of LocalStack, by which sessions are counted, in one item: more than 1,000 of them.</summary>
    public const int VersionBytes = 48 * 1024;

    /// <summary>
    /// Counter items whose last known state the Aggregator remembers, and the attribute names it remembers with them: some 30 MB together.
    /// </summary>
    public const int RememberedItems = 20_000;

    public const int RememberedNames = 200_000;
}
