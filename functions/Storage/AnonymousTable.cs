using Amazon.DynamoDBv2;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Anonymous table: the log of everything that belongs to no session, one item for each kind of event in a request. It is a separate
/// table, so that the order of its stream is unrelated to the order of the sessions' calls (I4). The key is <c>source</c> (the kind and one
/// of 16 spread keys) and <c>receipt</c>; the time is truncated to the hour.
/// </summary>
internal sealed class AnonymousTable(IAmazonDynamoDB dynamoDb, string name) : Table(dynamoDb, name)
{
    private static readonly long HourTicks = TimeSpan.FromHours(1).Ticks;

    /// <summary>
    /// Whether an item from a stream belongs to this table. The sessions' calls have a <c>source</c> too, so
    /// <see cref="CallsTable.Holds"/> must be checked first.
    /// </summary>
    public static bool Holds(Dictionary<string, DynamoDBEvent.AttributeValue> image) => image.ContainsKey(LogAttributes.Source);

    /// <summary>Reads such an item: the hour in which it was received, and its content. Throws if it cannot be read.</summary>
    public static (DateTimeOffset Hour, LogEntry Entry) Read(Dictionary<string, DynamoDBEvent.AttributeValue> image) =>
        (image.Time(LogAttributes.At), image.LogEntry());

    /// <summary>
    /// Adds an item to the log; false when it exists already. This is one conditional write, so a repeated request changes nothing. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> Append(LogItem item, DateTimeOffset now, CollectionPolicy policy)
    {
        // An item's expiry contains no more of its time than the hour.
        var hour = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % HourTicks), TimeSpan.Zero);
        return Put(
            LogAttributes.Of($"{KindName(item.Kind)}#{item.Receipt[0]}", item.Receipt, hour, item.Pack()),
            policy.HashBytes,
            hour + policy.Retention("log"),
            LogAttributes.IsNew);
    }

    private static string KindName(LogKind kind) => kind switch
    {
        LogKind.Counts => "counts",
        LogKind.Cli => "cli",
        LogKind.Features => "features",
        LogKind.Ledger => "ledger",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), "calls belong to a session"),
    };
}
