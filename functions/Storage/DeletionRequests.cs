using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The deletion requests, in the Sessions table under <c>erasure#…</c>. While a request runs, its item says what to delete and when its
/// next turn is due; the index <c>running-deletions</c> lists these items by that time. When the request is done, the credential and the
/// session are removed from its item.
/// </summary>
internal sealed class DeletionRequests(IAmazonDynamoDB dynamoDb, string name, CollectionPolicy policy)
{
    private const string ByTurn = "running-deletions";
    private const string State = "erasure";
    private const string NextAt = "next_at";
    private const string Prefix = "erasure#";
    private const string Running = "running";
    private const string Done = "done";
    private const string SessionId = "erase_session";
    private const string RequestedAt = "requested_at";
    private const string SettlesAt = "settles_at";
    private const string FinishedAt = "finished_at";
    private const string Owner = "owner";

    /// <summary>
    /// Stores a request. Returns null and changes nothing when the same request is already running: a repetition must not postpone the
    /// deletion. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<DeletionRequest?> Ask(
        string credential, string? sessionId, DateTimeOffset now, DateTimeOffset settlesAt, DateTimeOffset nextAt)
    {
        var request = new DeletionRequest(
            policy.Fingerprints.Erasure(credential, sessionId),
            policy.Fingerprints.ErasureOwner(credential),
            credential,
            sessionId,
            Millisecond(now),
            Millisecond(settlesAt),
            Millisecond(nextAt),
            null);
        var update = new UpdateBuilder()
            .Set(State, Running)
            .Set(Owner, request.Owner)
            .Set(SessionsTable.Credential, credential)
            .Set(SessionId, sessionId)
            .Set(RequestedAt, Number(now))
            .Set(SettlesAt, Number(settlesAt))
            .Set(NextAt, Number(nextAt))
            .Set("policy", Attributes.Bytes(policy.HashBytes))
            .Remove(FinishedAt)
            .With("s", State, Attributes.Text(Done));
        return await Update(request.Id, update, $"attribute_not_exists({SessionsTable.Key}) OR #s = :s", now) ? request : null;
    }

    /// <summary>The request with this id, or null. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<DeletionRequest?> Find(string id)
    {
        var answer = await Store.Call(() => dynamoDb.GetItemAsync(
            new GetItemRequest { TableName = name, Key = KeyOf(id), ConsistentRead = true }));
        if (answer.Item is not { Count: > 0 } item) return null;
        return new DeletionRequest(
            id,
            item[Owner].S,
            item.TextOrNull(SessionsTable.Credential),
            item.TextOrNull(SessionId),
            Time(item.NumberOrNull(RequestedAt)!.Value),
            Time(item.NumberOrNull(SettlesAt)!.Value),
            item.NumberOrNull(NextAt) is { } next ? Time(next) : null,
            item.NumberOrNull(FinishedAt) is { } finished ? Time(finished) : null);
    }

    /// <summary>
    /// The requests whose next turn is due by a time, those due longest first, in pages. The index lags behind the table: it may list a
    /// request that had its turn a moment ago. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async IAsyncEnumerable<List<(string Id, DateTimeOffset Since)>> Due(DateTimeOffset by, int pageSize)
    {
        var request = new QueryRequest
        {
            TableName = name,
            IndexName = ByTurn,
            KeyConditionExpression = $"{State} = :running AND {NextAt} <= :by",
            ExpressionAttributeValues = new() { [":running"] = Attributes.Text(Running), [":by"] = Number(by) },
            Limit = pageSize,
        };
        do
        {
            var page = await Store.Call(() => dynamoDb.QueryAsync(request));
            yield return (page.Items ?? []).ConvertAll(
                item => (item[SessionsTable.Key].S[Prefix.Length..], Time(item.NumberOrNull(NextAt)!.Value)));
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>
    /// Postpones the end of a request to its <c>SettlesAt</c>, because more sessions to delete were found; false when the request has ended
    /// meanwhile. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> PutOff(DeletionRequest request, DateTimeOffset now) =>
        Update(request.Id, new UpdateBuilder().Set(SettlesAt, Number(request.SettlesAt)).With("s", State, Attributes.Text(Running)),
            "#s = :s", now);

    /// <summary>Sets the time of a running request's next turn. Throws <see cref="StoreUnavailableException"/>.</summary>
    public Task<bool> TakeTurnAt(DeletionRequest request, DateTimeOffset at, DateTimeOffset now) =>
        Update(request.Id, new UpdateBuilder().Set(NextAt, Number(at)).With("s", State, Attributes.Text(Running)), "#s = :s", now);

    /// <summary>
    /// Ends a request and removes its credential and session; false when it was postponed after it was read. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> Finish(DeletionRequest request, DateTimeOffset now) => Update(
        request.Id,
        new UpdateBuilder()
            .Set(State, Done)
            .Set(FinishedAt, Number(now))
            .Remove(SessionsTable.Credential, SessionId, NextAt)
            .With("r", RequestedAt, Number(request.RequestedAt))
            .With("s", SettlesAt, Number(request.SettlesAt)),
        "#r = :r AND #s = :s",
        now);

    private async Task<bool> Update(string id, UpdateBuilder update, string condition, DateTimeOffset now)
    {
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(update.Build(name, KeyOf(id), condition, now + policy.Retention("erasure"))));
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private static AttributeValue Number(DateTimeOffset time) => Attributes.Number(time.ToUnixTimeMilliseconds());

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset Millisecond(DateTimeOffset time) => Time(time.ToUnixTimeMilliseconds());

    private static Dictionary<string, AttributeValue> KeyOf(string id) => new() { [SessionsTable.Key] = Attributes.Text(Prefix + id) };
}
