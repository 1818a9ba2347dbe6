using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Sessions table: one item a session, key <c>session_id</c>, with what the policy leaves of its start. The index <c>by-credential</c>
/// lists a credential's sessions by <c>started_at</c> (milliseconds since 1970, the server's clock).
/// </summary>
/// <remarks>
/// A session's <c>standing</c> never rises once it has been acted upon: a batch that arrives before its session, or without one, leaves a
/// mark that says <c>community</c>. Otherwise the same batch, sent twice, could be logged once as counts and once as calls, and count twice
/// (I3).
/// </remarks>
internal sealed class SessionsTable(IAmazonDynamoDB dynamoDb, string name)
{
    public const string ByCredential = "by-credential";
    public const string Key = "session_id";
    public const string StartedAt = "started_at";
    public const string Credential = "credential";
    public const string StandingName = "standing";
    public const string Stripped = "stripped";

    /// <summary>The last day (UTC, <c>2026-11-22</c>) on which the session started or sent.</summary>
    public const string ActiveOn = "active_on";

    /// <summary>
    /// Whether a session may be registered, and be tracked. An erased one may not even be registered: its id is not kept. A session without
    /// a credential belongs to nobody who could have said anything about it. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<(bool Erased, bool Tracks)> MarksOf(CleanEvent.Session session, DateTimeOffset now, CollectionPolicy policy) =>
        session.Credential is { } credential ? await new SessionMarks(dynamoDb, name, policy).At(session.Id, credential, now) : (false, true);

    /// <summary>Registers a session once; false when it was registered before. Throws <see cref="StoreUnavailableException"/>.</summary>
    /// <param name="tracked">False for a session whose events are to be dropped: then nothing but its id is kept.</param>
    /// <param name="stripped">How often each of its fields was stripped, for the ledger.</param>
    public async Task<bool> Register(
        CleanEvent.Session session, bool tracked, IReadOnlyCollection<KeyValuePair<string, int>> stripped, DateTimeOffset now, CollectionPolicy policy)
    {
        var standing = tracked ? SessionStatus.Of(session.Tier) : SessionStatus.OptedOut;
        var update = new UpdateBuilder()
            .Set(StartedAt, Attributes.Number(now.ToUnixTimeMilliseconds()))
            .Set("policy", Attributes.Bytes(policy.HashBytes));
        if (tracked)
        {
            update.SetOnce(StandingName, Attributes.Text(standing.Name))
                .Set(ActiveOn, Day(now))
                .Set(Credential, session.Credential)
                .Set("machine", session.Machine)
                .Set("system", session.System)
                .Set("version", session.Version)
                .Set("is_ci", Attributes.Flag(session.IsCi))
                .Set("is_docker", Attributes.Flag(session.IsDocker))
                .Set("is_testing", Attributes.Flag(session.IsTesting));
            if (stripped.Count > 0) update.Set(Stripped, Attributes.Numbers(stripped));
        }
        else
        {
            // Whoever does not want to be tracked isn't, also when a batch came first.
            update.Set(StandingName, Attributes.Text(standing.Name));
        }

        return await Update(session.Id, update, $"attribute_not_exists({StartedAt})", now + policy.Retention("session"));
    }

    /// <summary>
    /// The standing of a session. One that isn't there is a community session, and marked as such. Read consistently: a session is
    /// registered moments before its first batch arrives. The first batch of a day says that the session is still active and puts off its
    /// end, so that a running session is not forgotten because it was started long ago. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<SessionStatus> Standing(string sessionId, DateTimeOffset now, CollectionPolicy policy)
    {
        if (await Read(sessionId) is { } known)
        {
            if (known.Status.Tier is not null && string.CompareOrdinal(known.ActiveOn, Day(now)) < 0)
                await KeepAlive(sessionId, known.Status, now, policy);
            return known.Status;
        }

        // An erased session that still sends must leave no mark. It was marked as erased before its item went, so this order misses none.
        if ((await new SessionMarks(dynamoDb, name, policy).Erased([sessionId])).Count > 0) return SessionStatus.OptedOut;
        var mark = new UpdateBuilder()
            .Set(StandingName, Attributes.Text(SessionStatus.Community.Name))
            .Set(ActiveOn, Day(now))
            .Set("policy", Attributes.Bytes(policy.HashBytes));
        if (await Update(sessionId, mark, $"attribute_not_exists({Key})", now + policy.Retention("session"))) return SessionStatus.Community;
        return (await Read(sessionId))?.Status ?? SessionStatus.Community;
    }

    // Only while its status is what was read: a session that has been opted out or deleted since stays so. Of several batches one does it.
    private Task<bool> KeepAlive(string sessionId, SessionStatus status, DateTimeOffset now, CollectionPolicy policy) => Update(
        sessionId,
        new UpdateBuilder()
            .Set(ActiveOn, Day(now))
            .With("s", StandingName, Attributes.Text(status.Name))
            .With("a", ActiveOn, Attributes.Text(Day(now))),
        "#s = :s AND (attribute_not_exists(#a) OR #a < :a)",
        now + policy.Retention("session"));

    /// <summary>
    /// A credential's sessions, newest first, in one query; from the one behind <paramref name="after"/> on, which is a session's start
    /// (milliseconds since 1970) and id. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<IReadOnlyList<OwnedSession>> OfCredential(string credential, (long StartedAt, string Id)? after, int most) =>
        [.. (await QueryCredential(credential, after, most)).Select(OwnedSession.Of).OfType<OwnedSession>()];

    /// <summary>As <see cref="OfCredential"/>, with all that is stored of each session.</summary>
    public async Task<IReadOnlyList<StoredItem>> StoredOfCredential(string credential, (long StartedAt, string Id)? after, int most) =>
        [.. (await QueryCredential(credential, after, most)).Select(item => new StoredItem(item))];

    private async Task<List<Dictionary<string, AttributeValue>>> QueryCredential(string credential, (long StartedAt, string Id)? after, int most)
    {
        var page = await Store.Call(() => dynamoDb.QueryAsync(new QueryRequest
        {
            TableName = name,
            IndexName = ByCredential,
            KeyConditionExpression = $"{Credential} = :credential",
            ExpressionAttributeValues = new() { [":credential"] = Attributes.Text(credential) },
            ExclusiveStartKey = after is { } last
                ? new() { [Credential] = Attributes.Text(credential), [StartedAt] = Attributes.Number(last.StartedAt), [Key] = Attributes.Text(last.Id) } : null,
            ScanIndexForward = false,
            Limit = most,
        }));
        return page.Items ?? [];
    }

    /// <summary>
    /// A registered session that has a credential; null when there is none. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<OwnedSession?> Find(string sessionId)
    {
        var answer = await Store.Call(() => dynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = name,
            Key = KeyOf(sessionId),
            ConsistentRead = true,
        }));
        return answer.Item is { Count: > 0 } item ? OwnedSession.Of(item) : null;
    }

    private async Task<(SessionStatus Status, string? ActiveOn)?> Read(string sessionId)
    {
        var answer = await Store.Call(() => dynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = name,
            Key = KeyOf(sessionId),
            ConsistentRead = true,
            ProjectionExpression = $"{StandingName},{ActiveOn}",
        }));
        return answer.Item?.TextOrNull(StandingName) is { } standing
            ? (SessionStatus.Parse(standing), answer.Item.TextOrNull(ActiveOn)) : null;
    }

    private async Task<bool> Update(string sessionId, UpdateBuilder update, string condition, DateTimeOffset expiresAt)
    {
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(update.Build(name, KeyOf(sessionId), condition, expiresAt)));
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Dictionary<string, AttributeValue> KeyOf(string sessionId) => new() { [Key] = Attributes.Text(sessionId) };
}
