using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Calls table: the log of Pro sessions' calls. Each request that brought calls has one item, or several if it is large. The key is
/// <c>source</c> (<c>session#</c> and the session's id) and <c>receipt</c> (the client's time and a hash), so that a session's items are in
/// the order of the client's clock.
/// </summary>
internal sealed class CallsTable(IAmazonDynamoDB dynamoDb, string name) : Table(dynamoDb, name)
{
    private const string SessionPrefix = "session#";

    /// <summary>The source of a session's calls.</summary>
    public static string SourceOf(string sessionId) => SessionPrefix + sessionId;

    /// <summary>Whether an item from a stream belongs to this table.</summary>
    public static bool Holds(Dictionary<string, DynamoDBEvent.AttributeValue> image) =>
        image.TextOrNull(LogAttributes.Source)?.StartsWith(SessionPrefix, StringComparison.Ordinal) == true;

    /// <summary>Reads such an item: its session, when it was received, and its content. Throws if it cannot be read.</summary>
    public static (string SessionId, DateTimeOffset At, LogEntry Entry) Read(Dictionary<string, DynamoDBEvent.AttributeValue> image) =>
        (image.Text(LogAttributes.Source)[SessionPrefix.Length..], image.Time(LogAttributes.At), image.LogEntry());

    /// <summary>
    /// Adds an item to the log; false when it exists already. This is one conditional write, so a repeated request changes nothing. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> Append(LogItem item, DateTimeOffset now, CollectionPolicy policy) => Put(
        LogAttributes.Of(SourceOf(item.SessionId!), $"{item.ClientTime ?? "0"}#{item.Receipt}", now, item.Pack()),
        policy.HashBytes,
        now + policy.Retention("call"),
        LogAttributes.IsNew);

    /// <summary>
    /// Deletes all log items of a session's calls; false when there was not enough time. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> Erase(string sessionId, Func<bool> hasTime) =>
        Items.DeleteAll(DynamoDb, QueryKeys(LogAttributes.Source, SourceOf(sessionId), LogAttributes.Receipt), hasTime);

    /// <summary>
    /// Runs one query for a session's calls: the items in a range of receipts that the server received from <paramref name="from"/>
    /// (inclusive) to <paramref name="to"/> (exclusive). Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    /// <param name="behind">The receipt after which the page begins; null for the first page.</param>
    /// <param name="most">The most items to examine, including those received at another time.</param>
    public async Task<LogPage> Calls(
        string sessionId, ReceiptRange range, string? behind, DateTimeOffset? from, DateTimeOffset? to, bool newestFirst, int most)
    {
        var request = Query(LogAttributes.Source, SourceOf(sessionId));
        request.KeyConditionExpression += " AND #receipt BETWEEN :low AND :high";
        request.ExpressionAttributeNames["#receipt"] = LogAttributes.Receipt;
        request.ExpressionAttributeValues[":low"] = Attributes.Text(range.Low);
        request.ExpressionAttributeValues[":high"] = Attributes.Text(range.High);
        request.ScanIndexForward = !newestFirst;
        request.Limit = most;
        if (behind is not null)
        {
            request.ExclusiveStartKey = new()
            {
                [LogAttributes.Source] = Attributes.Text(SourceOf(sessionId)), [LogAttributes.Receipt] = Attributes.Text(behind),
            };
        }

        if (from is not null || to is not null)
        {
            request.FilterExpression = "#at >= :from AND #at < :to";
            request.ExpressionAttributeNames["#at"] = LogAttributes.At;
            request.ExpressionAttributeValues[":from"] = Attributes.Number(from?.ToUnixTimeMilliseconds() ?? 0);
            request.ExpressionAttributeValues[":to"] = Attributes.Number(to?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        }

        var page = await Store.Call(() => DynamoDb.QueryAsync(request));
        return new LogPage(
            [.. (page.Items ?? []).Select(item => new LoggedCalls(
                item[LogAttributes.Receipt].S, DateTimeOffset.FromUnixTimeMilliseconds(item[LogAttributes.At].ToLong()),
                item[LogAttributes.Data].B))],
            page.LastEvaluatedKey is { Count: > 0 } last ? last[LogAttributes.Receipt].S : null);
    }
}

/// <summary>A stored log item of a session's calls; <see cref="LogEntry.Unpack"/> reads <paramref name="Data"/>.</summary>
/// <param name="At">When the server received it.</param>
internal sealed record LoggedCalls(string Receipt, DateTimeOffset At, Stream Data);

/// <summary>The result of one query; <paramref name="Behind"/> is the receipt after which the next page begins, null at the end.</summary>
internal sealed record LogPage(IReadOnlyList<LoggedCalls> Items, string? Behind);
