namespace Collector;

/// <summary>
/// All limits that prevent one sender or one large piece of work from holding up the others, each with its reason. Limits of single fields,
/// such as the length of a text or the size of a number, are in policy.json.
/// </summary>
internal static class Limits
{
    // ---- Requests. RequestLimits lists the limits that a deployment can change; their defaults are here.

    /// <summary>
    /// The largest body in bytes, after decompression. Lambda accepts events of up to 6 MB, or 4.5 MB of body in base64. A compressed body
    /// must not decompress to more than an uncompressed body can contain.
    /// </summary>
    public const int BodyBytes = 6 * 1024 * 1024;

    /// <summary>
    /// Levels of nesting. The reader stores one bit per level, so depth is cheap. With a small limit, one deeply nested event would cause
    /// the other events of its request to be refused.
    /// </summary>
    public const int JsonDepth = 100_000;

    /// <summary>Events. Current clients send 20. Older clients send all events of ten seconds, without a limit (protocol.md).</summary>
    public const int Events = 2_000;

    /// <summary>
    /// Entries of counted calls and features in all events of the request together. A client sends one entry for each distinct combination
    /// of a minute: from a few to a few hundred (protocol.md).
    /// </summary>
    public const int Entries = 5_000;

    /// <summary>
    /// Distinct operations among the counted calls. Each operation takes a place in a counter item and adds to the work of counting. A test
    /// suite that calls most of AWS within one minute still stays below this limit.
    /// </summary>
    public const int Operations = 1_000;

    /// <summary>
    /// Calls that one entry may claim: the most that a client can make in the minute since its last flush. LocalStack answers hundreds of
    /// calls per second; this limit allows 1,666 per second of one kind. The period in the payload is not used as a check, because a sender
    /// who invents a count can invent the period too.
    /// </summary>
    public const int CallsPerEntry = 100_000;

    /// <summary>Calls that all entries of a request may claim together: twice the limit of one entry.</summary>
    public const int CallsPerRequest = 200_000;

    /// <summary>
    /// Uses that one entry of a feature may claim. Clients report feature uses when they exit, for their whole lifetime. This limit allows
    /// twelve uses per second for a whole day.
    /// </summary>
    public const int UsesPerEntry = 1_000_000;

    /// <summary>
    /// Sessions that one request may name. A client names only its own. Each session costs a read, so a higher limit would allow a sender
    /// to put load on the store.
    /// </summary>
    public const int Sessions = 8;

    // ---- Log items

    /// <summary>
    /// Calls in one log item. Each can add up to three attributes (operation, user agent, region) to the counters of its session's hour,
    /// and one update has at most <see cref="AttributesPerUpdate"/>.
    /// </summary>
    public const int CallsPerLogItem = 60;

    /// <summary>
    /// Counts, CLI invocations or feature uses in one log item. Each adds one attribute, or a few attributes that share an update.
    /// </summary>
    public const int EntriesPerLogItem = 180;

    /// <summary>
    /// A log item with this many bytes of JSON takes no further entry. The compressed content is never larger than this plus one entry of
    /// at most 64 KB, so a log item stays below 350 KB; DynamoDB allows 400 KB.
    /// </summary>
    public const int LogItemJsonBytes = 280 * 1024;

    // ---- Counter items

    /// <summary>Attributes in one update. An expression has at most 4 KB of text, and one attribute takes up to 11 bytes of it.</summary>
    public const int AttributesPerUpdate = 200;

    /// <summary>
    /// User agents of a session that are counted by name in one hour, and likewise regions. Real tools do not produce more.
    /// </summary>
    public const int NamesPerSessionHour = 200;

    /// <summary>
    /// Sessions whose status one process remembers: about 200 bytes each. Fewer sessions than this send to one process in a minute.
    /// </summary>
    public const int KnownSessions = 4_096;

    /// <summary>
    /// Services that one process remembers for all these sessions together: about 40 bytes each, and sixteen per session.
    /// </summary>
    public const int KnownServices = 65_536;

    /// <summary>
    /// Combinations of operation and status code of a session that are counted by name in one hour: about 200 operations with five status
    /// codes each.
    /// </summary>
    public const int CallsPerSessionHour = 1_000;

    /// <summary>
    /// Bytes of command names in one item of CLI counters. The same number again is reserved for these commands with other parameters. The
    /// whole command catalog fits (a test computes its size), so no sender can keep a known command out of the counters.
    /// </summary>
    public const int CommandBytes = 64 * 1024;

    /// <summary>
    /// Bytes of commands with a set of parameters in one item of CLI counters. Beyond this limit an invocation counts as the command with
    /// other parameters.
    /// </summary>
    public const int ParameterSetBytes = 96 * 1024;

    /// <summary>
    /// Bytes of label sets, with their numbers, in the counter item of a feature. All label sets that policy.json lists fit (a test
    /// computes their size).
    /// </summary>
    public const int LabelSetBytes = 250 * 1024;

    /// <summary>Bytes of LocalStack versions in one item of session counters: more than 1,000 versions.</summary>
    public const int VersionBytes = 48 * 1024;

    /// <summary>
    /// Counter items whose last known state the Aggregator remembers. Together with their attribute names (<see cref="RememberedNames"/>)
    /// they take about 30 MB.
    /// </summary>
    public const int RememberedItems = 20_000;

    public const int RememberedNames = 200_000;

    // ---- Answers

    /// <summary>
    /// Bytes of all rows of a usage answer as JSON. A Lambda answer has at most 6 MB, and each quotation mark in its body is escaped once
    /// more.
    /// </summary>
    public const int UsageBytes = 4_000_000;

    /// <summary>
    /// Parts of the trend line that shows how a row's number changed over the period. In a period of up to a month each part is a day.
    /// </summary>
    public const int TrendParts = 30;

    /// <summary>Rows of a usage answer.</summary>
    public const int UsageRows = 10_000;

    /// <summary>Days that a usage answer may cover: a year and the month that it is compared with.</summary>
    public const int UsageDays = 400;

    /// <summary>
    /// Days of the ledger that a request without the operator key may read at once, out of the last <see cref="UsageDays"/>. These are few
    /// enough for a function to remember all of them. The operator, who pays for the reads, may read all days.
    /// </summary>
    public const int LedgerDays = 31;

    /// <summary>
    /// Approximate number of bytes in one page of a session's calls. An answer may have 6 MB, and messages and traces are escaped twice in
    /// it.
    /// </summary>
    public const int PageBytes = 2_000_000;

    /// <summary>
    /// How long the answer of a public route may be reused. This keeps the cost of public routes close to zero, however often they are
    /// called.
    /// </summary>
    public static TimeSpan PublicAnswers => TimeSpan.FromMinutes(1);

    // ---- Rollup

    /// <summary>
    /// Numbers of one month and kind that are held in memory at once. At about 350 bytes each they take 140 MB; a function has at least 256
    /// MB (FunctionMemory in template.yaml). A month with more numbers stays unpacked, one day per item, and is only slower to read.
    /// </summary>
    public const int RollupNumbers = 400_000;

    /// <summary>How long one month of one kind may take. The function has 300 seconds, so enough time is left for the others.</summary>
    public static TimeSpan RollupTurn => TimeSpan.FromSeconds(60);

    // ---- Deletion

    /// <summary>
    /// Deletion requests that the worker continues at the same time. They spend most of their time waiting for the store.
    /// </summary>
    public const int DeletionsAtOnce = 50;

    /// <summary>
    /// Sessions of a deletion request that are listed at once. Listing more would take longer than <see cref="DeletionTurn"/>, before
    /// anything is deleted.
    /// </summary>
    public const int SessionsPerDeletionStep = 100;

    /// <summary>
    /// The longest turn of one deletion request before the turn of the next one. With <see cref="DeletionsAtOnce"/> requests at once, 1,000
    /// requests have all had a turn after 20 seconds, so no request waits longer for its first turn.
    /// </summary>
    public static TimeSpan DeletionTurn => TimeSpan.FromSeconds(1);
}
