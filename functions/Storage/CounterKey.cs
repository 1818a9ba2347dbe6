namespace Collector.Storage;

/// <summary>
/// The key of a counter item: <paramref name="Metric"/> is what is counted and on which day (or of which session), <paramref name="Group"/> the part of
/// it. Groups of days end in <c>#</c> and a counter shard, so that Aggregators of two stream shards seldom meet on an item.
/// </summary>
internal readonly record struct CounterKey(string Metric, string Group)
{
    /// <summary>Operations of one service that share an item: with all status codes they fit into the 400 KB of an item.</summary>
    public const int OperationsPerItem = 200;

    /// <summary>The kinds that the usage API shows, whose months are folded.</summary>
    public static readonly IReadOnlyList<string> RolledUpKinds = ["requests", "cli", "features", "sessions", "ledger"];

    private const string StackPrefix = "stack#";
    private const string ActivationPrefix = "activations#";

    /// <summary>The metric of a kind (<c>requests</c>, <c>cli</c>, <c>features</c>, <c>sessions</c>, <c>machines</c>, <c>ledger</c>,
    /// <c>unreadable</c>) on a day.</summary>
    public static string DayMetric(string kind, string day) => $"{kind}#{day}";

    /// <summary>Calls per <c>Operation#status</c>. A service's operations stand in items of <see cref="OperationsPerItem"/>, by rank in the catalog.</summary>
    public static CounterKey Requests(string day, string service, int rank, int shard) =>
        new(DayMetric("requests", day), rank < OperationsPerItem ? $"{service}#{shard}" : $"{service}~{rank / OperationsPerItem}#{shard}");

    /// <summary><c>invocations</c> of one command with one set of parameters.</summary>
    public static CounterKey Cli(string day, string command, string parameters, int shard) => new(DayMetric("cli", day), $"{command}|{parameters}#{shard}");

    /// <summary><c>uses</c>, sums and histograms of one feature with one set of labels (<c>stage=READY</c>).</summary>
    public static CounterKey Features(string day, string feature, string labels, int shard) => new(DayMetric("features", day), $"{feature}|{labels}#{shard}");

    /// <summary>Sessions of a day, whole (<c>all</c>) or by version or system (<c>version=2026.3.1</c>).</summary>
    public static CounterKey Sessions(string day, string part, int shard) => new(DayMetric("sessions", day), $"{part}#{shard}");

    /// <summary>The mark of one machine on one day; the marks are what a query counts.</summary>
    public static CounterKey Machine(string day, string machineOfDay) => new(DayMetric("machines", day), machineOfDay);

    /// <summary>Events received, stored, dropped by reason and fields stripped on one day.</summary>
    public static CounterKey Ledger(string day, int shard) => new(DayMetric("ledger", day), $"{shard}");

    /// <summary>
    /// The reference to a record that could not be read, for whoever looks after it: which stream shard, which sequence number, and the last part of the
    /// log item's receipt, which names it among all others and tells nothing. No contents, no session.
    /// </summary>
    public static CounterKey Unreadable(string day, string shardId, string sequenceNumber, string receipt) =>
        new(DayMetric("unreadable", day), $"{shardId}|{sequenceNumber}|{receipt}");

    /// <summary>
    /// The mark of a record that is counted already, for streams whose order says nothing. It names the stream and the place in it, and no counter.
    /// </summary>
    public static CounterKey Counted(StreamShard stream, StreamPosition position, int part) =>
        new("counted#" + stream.PositionAttribute, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{position.Padded}#{part}"));

    /// <summary>A session's calls in one hour (<c>2026-11-22T07</c>). One stream shard has them all: no counter shard.</summary>
    public static CounterKey StackHour(string sessionId, string hour) => new(StackPrefix + sessionId, hour);

    /// <summary>A session's calls in total: what a list of sessions shows.</summary>
    public static CounterKey StackTotal(string sessionId) => new(StackPrefix + sessionId, "total");

    /// <summary>A credential's licence activations on one day, <c>ci</c> and <c>other</c>. One stream shard has them all: no counter shard.</summary>
    public static CounterKey Activations(string credential, string day) => new(ActivationMetric(credential, day[..7]), day);

    /// <summary>The metric of a credential's activations in a month, <c>2026-11</c>.</summary>
    public static string ActivationMetric(string credential, string month) => $"{ActivationPrefix}{credential}#{month}";

    /// <summary>The session that the item tells of, if it tells of one.</summary>
    public string? SessionId => Metric.StartsWith(StackPrefix, StringComparison.Ordinal) ? Metric[StackPrefix.Length..] : null;

    /// <summary>Whether the item tells of a credential's activations, and so expires with them.</summary>
    public bool BelongsToActivations => Metric.StartsWith(ActivationPrefix, StringComparison.Ordinal);

    /// <summary>How many machines there were on a day that is over, once their marks have been counted for good.</summary>
    public static CounterKey MachinesOf(string day) => new(DayMetric("sessions", day), "machines#");

    /// <summary>Whether the marks of a day's machines are all there still: the first of them goes so long after the day's begin at the earliest.</summary>
    public static bool HasAllMarks(DateOnly day, DateOnly today, TimeSpan kept) => today.DayNumber < day.DayNumber + (int)kept.TotalDays;

    /// <summary>A part of a month's counters of a kind, folded (<c>requests#2026-10</c>).</summary>
    public static CounterKey Month(string kind, string month, int part) => new($"{kind}#{month}", $"{part}");

    /// <summary>Whether the item tells of a session or a machine, and so expires.</summary>
    public bool BelongsToSession =>
        SessionId is not null || Metric.StartsWith("machines#", StringComparison.Ordinal);

    /// <summary>Whether the item refers to a log item, and so expires when the longest kept of those do.</summary>
    public bool IsReference => Metric.StartsWith("unreadable#", StringComparison.Ordinal);

    /// <summary>The service of a requests group.</summary>
    public static string ServiceOf(string group) => Unsharded(group).Split('~')[0];

    /// <summary>What stands before and behind the bar of a group: command and parameters, feature and labels.</summary>
    public static (string Name, string Detail) PartsOf(string group)
    {
        var parts = Unsharded(group).Split('|', 2);
        return (parts[0], parts[1]);
    }

    private static string Unsharded(string group) => group[..group.LastIndexOf('#')];
}
