using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Events table: the log, one item for each kind of event that a request brought. Key <c>source</c> + <c>receipt</c>: calls stand under their
/// session in the order of the client's clock, everything anonymous under its kind and one of 16 spread keys, with the time cut to the hour (I4).
/// </summary>
internal sealed class EventsTable(IAmazonDynamoDB dynamoDb, string name)
{
    public const string Source = "source";
    public const string Receipt = "receipt";
    public const string Data = "data";

    /// <summary>When it was received, in milliseconds since 1970: the hour for everything anonymous.</summary>
    public const string At = "at";

    private const string SessionPrefix = "session#";
    private static readonly long HourTicks = TimeSpan.FromHours(1).Ticks;

    /// <summary>The source of a session's calls.</summary>
    public static string SourceOf(string sessionId) => SessionPrefix + sessionId;

    /// <summary>The session of a source; null for an anonymous one.</summary>
    public static string? SessionOf(string source) => source.StartsWith(SessionPrefix, StringComparison.Ordinal) ? source[SessionPrefix.Length..] : null;

    /// <summary>
    /// Adds an item to the log unless it is there; false when it was. One conditional write, so that a repeated request, whoever repeats it, changes
    /// nothing. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<bool> Append(LogItem item, DateTimeOffset now, CollectionPolicy policy)
    {
        try
        {
            // An anonymous item's end tells no more of its time than its hour.
            var at = item.SessionId is null ? Hour(now) : now;
            var expiresAt = at + policy.Retention(item.SessionId is null ? "log" : "call");
            await Store.Call(() => dynamoDb.PutItemAsync(Items.Put(name, ToAttributes(item, at, policy), expiresAt, $"attribute_not_exists({Receipt})")));
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    /// <summary>Deletes all that a session's calls are logged as; false when there was no time for all. Throws <see cref="StoreUnavailableException"/>.</summary>
    public Task<bool> Erase(string sessionId, Func<bool> hasTime) => Items.DeleteAll(
        dynamoDb,
        new QueryRequest
        {
            TableName = name,
            KeyConditionExpression = $"#{Source} = :{Source}",
            ProjectionExpression = $"#{Source},{Receipt}",
            ExpressionAttributeNames = new() { ["#" + Source] = Source },
            ExpressionAttributeValues = new() { [":" + Source] = Attributes.Text(SourceOf(sessionId)) },
            ConsistentRead = true,
        },
        hasTime);

    private static DateTimeOffset Hour(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % HourTicks), TimeSpan.Zero);

    /// <summary>
    /// One query of a session's calls: items of a range of receipts that the server got from <paramref name="from"/> (inclusive) to
    /// <paramref name="to"/> (exclusive). Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    /// <param name="behind">The receipt to go on behind; null to begin.</param>
    /// <param name="most">Items that are looked at, also those of another time.</param>
    public async Task<LogPage> Calls(
        string sessionId, ReceiptRange range, string? behind, DateTimeOffset? from, DateTimeOffset? to, bool newestFirst, int most)
    {
        var request = Query(sessionId, range, newestFirst, most);
        if (behind is not null) request.ExclusiveStartKey = new() { [Source] = Attributes.Text(SourceOf(sessionId)), [Receipt] = Attributes.Text(behind) };
        if (from is not null || to is not null)
        {
            request.FilterExpression = "#at >= :from AND #at < :to";
            request.ExpressionAttributeNames["#at"] = At;
            request.ExpressionAttributeValues[":from"] = Attributes.Number(from?.ToUnixTimeMilliseconds() ?? 0);
            request.ExpressionAttributeValues[":to"] = Attributes.Number(to?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        }

        var page = await Store.Call(() => dynamoDb.QueryAsync(request));
        return new LogPage(
            [.. (page.Items ?? []).Select(item => new LoggedItem(item[Receipt].S, DateTimeOffset.FromUnixTimeMilliseconds(item[At].ToLong()), item[Data].B))],
            page.LastEvaluatedKey is { Count: > 0 } last ? last[Receipt].S : null);
    }

    private QueryRequest Query(string sessionId, ReceiptRange range, bool newestFirst, int most) => new()
    {
        TableName = name,
        KeyConditionExpression = "#source = :source AND #receipt BETWEEN :low AND :high",
        ExpressionAttributeNames = new() { ["#source"] = Source, ["#receipt"] = Receipt },
        ExpressionAttributeValues = new()
        {
            [":source"] = Attributes.Text(SourceOf(sessionId)),
            [":low"] = Attributes.Text(range.Low),
            [":high"] = Attributes.Text(range.High),
        },
        ScanIndexForward = !newestFirst,
        Limit = most,
    };

    private static Dictionary<string, AttributeValue> ToAttributes(LogItem item, DateTimeOffset at, CollectionPolicy policy)
    {
        var anonymous = item.SessionId is null;
        return new Dictionary<string, AttributeValue>(6)
        {
            [Source] = Attributes.Text(item.SessionId is { } session ? SourceOf(session) : $"{Name(item.Kind)}#{item.Receipt[0]}"),
            [Receipt] = Attributes.Text(anonymous ? item.Receipt : $"{item.ClientTime ?? "0"}#{item.Receipt}"),
            [At] = Attributes.Number(at.ToUnixTimeMilliseconds()),
            [Data] = Attributes.Bytes(item.Pack()),
            ["policy"] = Attributes.Bytes(policy.HashBytes),
        };
    }

    private static string Name(LogKind kind) => kind switch
    {
        LogKind.Counts => "counts",
        LogKind.Cli => "cli",
        LogKind.Features => "features",
        LogKind.Ledger => "ledger",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), "calls stand under their session"),
    };
}
