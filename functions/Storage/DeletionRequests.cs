using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The requests to be forgotten, in the Sessions table under <c>erasure#…</c>. While one runs, its item holds what is to be erased, and its coming down
/// the table's stream is what makes the erasure go on; when it is done, only that somebody asked is left.
/// </summary>
internal sealed class DeletionRequests(IAmazonDynamoDB dynamoDb, string name, CollectionPolicy policy)
{
    /// <summary>The attribute that template.yaml's filter looks at.</summary>
    public const string State = "erasure";

    private const string Prefix = "erasure#";
    private const string Running = "running";
    private const string Done = "done";
    private const string SessionId = "erase_session";
    private const string RequestedAt = "requested_at";
    private const string SettlesAt = "settles_at";
    private const string FinishedAt = "finished_at";
    private const string Owner = "owner";

    /// <summary>The request of an item's key; null when it is another item's.</summary>
    public static string? IdOf(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : null;

    /// <summary>
    /// Keeps a request; one that runs already is asked anew, and from now on means all that is there now. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<DeletionRequest> Ask(string credential, string? sessionId, DateTimeOffset now, DateTimeOffset settlesAt)
    {
        var id = policy.Fingerprints.Erasure(credential, sessionId);
        var update = new UpdateBuilder()
            .Set(State, Running)
            .Set(Owner, policy.Fingerprints.ErasureOwner(credential))
            .Set(SessionsTable.Credential, credential)
            .Set(SessionId, sessionId)
            .Set(RequestedAt, Attributes.Number(now.ToUnixTimeMilliseconds()))
            .Set(SettlesAt, Attributes.Number(settlesAt.ToUnixTimeMilliseconds()))
            .Set("policy", Attributes.Bytes(policy.HashBytes))
            .Remove(FinishedAt);
        await Store.Call(() => dynamoDb.UpdateItemAsync(update.Build(name, KeyOf(id), null, now + policy.Retention("erasure"))));
        return new DeletionRequest(id, policy.Fingerprints.ErasureOwner(credential), credential, sessionId, Millisecond(now), Millisecond(settlesAt), null);
    }

    /// <summary>The request of this id, or null. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<DeletionRequest?> Find(string id)
    {
        var answer = await Store.Call(() => dynamoDb.GetItemAsync(new GetItemRequest { TableName = name, Key = KeyOf(id), ConsistentRead = true }));
        if (answer.Item is not { Count: > 0 } item) return null;
        return new DeletionRequest(
            id,
            item[Owner].S,
            item.TextOrNull(SessionsTable.Credential),
            item.TextOrNull(SessionId),
            Time(item.NumberOrNull(RequestedAt)!.Value),
            Time(item.NumberOrNull(SettlesAt)!.Value),
            item.NumberOrNull(FinishedAt) is { } finished ? Time(finished) : null);
    }

    /// <summary>
    /// Puts off the end of a request to its <c>SettlesAt</c>, because more was found that is to be erased; false when it has ended meanwhile. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> PutOff(DeletionRequest request, DateTimeOffset now) => Update(
        request,
        new UpdateBuilder().Set(SettlesAt, Attributes.Number(request.SettlesAt.ToUnixTimeMilliseconds())).With("s", State, Attributes.Text(Running)),
        "#s = :s",
        now);

    /// <summary>
    /// Ends a request and forgets whose it was; false when it was asked anew, or put off, since it was read. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<bool> Finish(DeletionRequest request, DateTimeOffset now) => Update(
        request,
        new UpdateBuilder()
            .Set(State, Done)
            .Set(FinishedAt, Attributes.Number(now.ToUnixTimeMilliseconds()))
            .Remove(SessionsTable.Credential, SessionId)
            .With("r", RequestedAt, Attributes.Number(request.RequestedAt.ToUnixTimeMilliseconds()))
            .With("s", SettlesAt, Attributes.Number(request.SettlesAt.ToUnixTimeMilliseconds())),
        "#r = :r AND #s = :s",
        now);

    private async Task<bool> Update(DeletionRequest request, UpdateBuilder update, string condition, DateTimeOffset now)
    {
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(update.Build(name, KeyOf(request.Id), condition, now + policy.Retention("erasure"))));
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset Millisecond(DateTimeOffset time) => Time(time.ToUnixTimeMilliseconds());

    private static Dictionary<string, AttributeValue> KeyOf(string id) => new() { [SessionsTable.Key] = Attributes.Text(Prefix + id) };
}
