namespace Collector;

/// <summary>
/// Every limit that keeps one sender, or one large piece of work, from holding up the others, each with its reason. Limits of a single
/// field (how long a text may be, how large a number) are the policy's, in policy.json.
/// </summary>
internal static class Limits
{
    // ---- A request. Those that a deployment may change are in RequestLimits, with these as their defaults.

    /// <summary>
    /// The largest body, in bytes, decompressed. Lambda takes an event of 6 MB, which is 4.5 MB of body as base64; a compressed body must
    /// not unpack to more than a plain one could be.
    /// </summary>
    public const int BodyBytes = 6 * 1024 * 1024;

    /// <summary>
    /// Levels of nesting. The reader keeps a bit for each, so depth is cheap; and with a small limit one deep event would cost all others
    /// of its request.
    /// </summary>
    public const int JsonDepth = 100_000;

    /// <summary>
    /// Events. Clients of today send 20; older ones send all that happened in ten seconds, and know no limit (protocol.md).
    /// </summary>
    public const int Events = 2_000;

    /// <summary>
    /// Entries of counted calls and features, over all events of the request. A client sends one entry for each distinct combination of a
    /// minute: from a few to some hundreds (protocol.md).
    /// </summary>
    public const int Entries = 5_000;

    /// <summary>
    /// Distinct operations among the counted calls. Each is a place in a counter item, and so a part of the work of counting; a test suite
    /// that calls most of AWS in one minute still stays below it.
    /// </summary>
    public const int Operations = 1_000;

    /// <summary>
    /// Calls that one entry may claim: what a client can do in the minute since its last flush. LocalStack answers hundreds of calls a
    /// second; this is 1,666 a second of one kind. The period that the payload names is no help: who makes up a count makes up the period
    /// too.
    /// </summary>
    public const int CallsPerEntry = 100_000;

    /// <summary>Calls that all entries of a request may claim together: twice of what one may.</summary>
    public const int CallsPerRequest = 200_000;

    /// <summary>
    /// Uses that one entry of a feature may claim. Clients report these when they exit, for all of their life: this is twelve a second for
    /// a whole day.
    /// </summary>
    public const int UsesPerEntry = 1_000_000;

    /// <summary>
    /// Sessions that one request may name. A client sends its own; each costs a read, and more would be a way to make the store work.
    /// </summary>
    public const int Sessions = 8;

    // ---- Log items

    /// <summary>
    /// Calls in one log item. Each can bring up to three attributes (operation, user agent, region) into its session's hour, and one update
    /// takes <see cref="AttributesPerUpdate"/>.
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

    /// <summary>Sessions whose status one process remembers: some 200 bytes each, and more than send to one process in a minute.</summary>
    public const int KnownSessions = 4_096;

    /// <summary>Services that one process remembers of all these sessions: some forty bytes each, and sixteen for each session.</summary>
    public const int KnownServices = 65_536;

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
    public const int LabelSetBytes = 250 * 1024;

    /// <summary>Bytes of versions of LocalStack, by which sessions are counted, in one item: more than 1,000 of them.</summary>
    public const int VersionBytes = 48 * 1024;

    /// <summary>
    /// Counter items whose last known state the Aggregator remembers, and the attribute names it remembers with them: some 30 MB together.
    /// </summary>
    public const int RememberedItems = 20_000;

    public const int RememberedNames = 200_000;

    // ---- Answers

    /// <summary>
    /// Bytes of all rows of a usage answer, as JSON. Lambda answers with at most 6 MB, in which each quotation mark of the body is escaped
    /// once more.
    /// </summary>
    public const int UsageBytes = 4_000_000;

    /// <summary>Parts of the small line that shows how a row's number changed over a period: a day each, up to a month.</summary>
    public const int TrendParts = 30;

    /// <summary>Rows of a usage answer.</summary>
    public const int UsageRows = 10_000;

    /// <summary>Days that a usage answer may cover: a year, and the month that it is compared with.</summary>
    public const int UsageDays = 400;

    /// <summary>
    /// Days that anybody may read of the ledger at once, out of the last <see cref="UsageDays"/>: so there are few enough for a function to
    /// remember all of them. The operator, who answers for the cost, may read any.
    /// </summary>
    public const int LedgerDays = 31;

    /// <summary>
    /// Bytes of a page of a session's calls, roughly: an answer may have 6 MB, in which messages and traces are escaped twice.
    /// </summary>
    public const int PageBytes = 2_000_000;

    /// <summary>
    /// How old an answer to anybody may be: as long as it is not asked for more often, a public route costs next to nothing.
    /// </summary>
    public static TimeSpan PublicAnswers => TimeSpan.FromMinutes(1);

    // ---- Rollup

    /// <summary>
    /// Numbers of a month and kind that are held in memory at once, some 350 bytes each: 140 MB of the 512 that a function has. A month
    /// with more stays as it is, a day at a time, which is slower to read and nothing worse.
    /// </summary>
    public const int RollupNumbers = 400_000;

    /// <summary>How long one month of one kind may take: of the 300 seconds that the function has, enough for others are left.</summary>
    public static TimeSpan RollupTurn => TimeSpan.FromSeconds(60);

    // ---- Deletion

    /// <summary>Deletion requests that the worker continues at the same time. Most of their time is waiting for the store.</summary>
    public const int DeletionsAtOnce = 50;

    /// <summary>
    /// Sessions of a request that are listed at once. Listing more would take longer than <see cref="DeletionTurn"/> before anything is
    /// deleted.
    /// </summary>
    public const int SessionsPerDeletionStep = 100;

    /// <summary>
    /// The longest turn of a deletion request before the next one's. 1,000 requests, <see cref="DeletionsAtOnce"/> at once, have all had
    /// their turn after 20 seconds, so nobody waits longer than that for the first.
    /// </summary>
    public static TimeSpan DeletionTurn => TimeSpan.FromSeconds(1);
}
