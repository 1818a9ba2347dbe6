using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// The Sessions table: one item per session, key <c>session_id</c>, with what the policy keeps of its start. The index <c>by-credential</c>
/// lists a credential's sessions by <c>started_at</c> (milliseconds since 1970, the server's clock).
/// </summary>
/// <remarks>
/// A session's status (<c>standing</c>) never rises once it has been used: a batch that arrives before its session, or without one,
/// writes an item with the status <c>community</c>. Otherwise the same batch, sent twice, could be logged once as counts and once as
/// calls, and count twice (I3).
/// </remarks>
internal sealed class SessionsTable(IAmazonDynamoDB dynamoDb, string name) : Table(dynamoDb, name)
{
    public const string ByCredential = "by-credential";
    public const string Key = "session_id";
    public const string StartedAt = "started_at";
    public const string Credential = "credential";
    public const string StatusName = "standing";
    public const string Stripped = "stripped";

    /// <summary>The last day (UTC, <c>2026-11-22</c>) on which the session started or sent.</summary>
    public const string ActiveOn = "active_on";

    /// <summary>The services that a Pro session has called, each with the day of its first call: <c>s3|2026-11-22</c>.</summary>
    public const string Services = "services";

    private const char ServiceEnd = '|';

    /// <summary>Whether a change of an item, from a stream, is a session's registration.</summary>
    public static bool IsStart(
        Dictionary<string, DynamoDBEvent.AttributeValue> image, Dictionary<string, DynamoDBEvent.AttributeValue>? old) =>
        image.ContainsKey(StartedAt) && old?.ContainsKey(StartedAt) != true;

    /// <summary>
    /// The day (<c>2026-11-22</c>) on which a session was active for the first time, according to a change of its item; null when the
    /// change has no new day. Throws <see cref="InvalidDataException"/> when the value is not a day.
    /// </summary>
    public static string? NewlyActiveOn(
        Dictionary<string, DynamoDBEvent.AttributeValue> image, Dictionary<string, DynamoDBEvent.AttributeValue>? old)
    {
        if (image.TextOrNull(ActiveOn) is not { } day || old?.TextOrNull(ActiveOn) == day) return null;
        return IsDay(day) ? day : throw new InvalidDataException($"{ActiveOn} is not a day");
    }

    /// <summary>
    /// The services that a session has called for the first time, each with the day of that call, according to a change of its item. Two
    /// processes may add the same service before and after midnight: the earlier day counts.
    /// </summary>
    public static IEnumerable<(string Service, string Day)> NewServices(
        Dictionary<string, DynamoDBEvent.AttributeValue> image, Dictionary<string, DynamoDBEvent.AttributeValue>? old)
    {
        if (image.GetValueOrDefault(Services)?.SS is not { } services) return [];
        var before = (old?.GetValueOrDefault(Services)?.SS ?? []).Select(service => ServiceOf(service).Service)
            .ToHashSet(StringComparer.Ordinal);
        return services.Select(ServiceOf).Where(service => !before.Contains(service.Service))
            .GroupBy(service => service.Service, (service, days) => (service, days.Min(day => day.Day)!));
    }

    /// <summary>Reads the item of a registered session. Throws if it cannot be read.</summary>
    public static RegisteredSession Read(Dictionary<string, DynamoDBEvent.AttributeValue> image) => new(
        image.Text(Key),
        image.Time(StartedAt),
        SessionStatus.Parse(image.Text(StatusName)),
        image.TextOrNull("machine"),
        image.TextOrNull("system"),
        image.TextOrNull("version"),
        image.Flag("is_ci"),
        image.Flag("is_docker"),
        image.GetValueOrDefault(Stripped)?.M?.ToDictionary(field => field.Key, field => field.Value.Number(Stripped)) ?? []);

    /// <summary>
    /// Whether a session was deleted, and whether the owner of its credential allows tracking. A deleted session is not registered again:
    /// not even its id is kept. A session without a credential has no owner who could have refused. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<(bool Erased, bool Tracks)> ExclusionOf(CleanEvent.Session session, DateTimeOffset now, CollectionPolicy policy) =>
        await new SessionExclusions(DynamoDb, Name, policy).At(session.Id, session.Credentials, now);

    /// <summary>Registers a session once; false when it was registered before. Throws <see cref="StoreUnavailableException"/>.</summary>
    /// <param name="tracked">
    /// False for a session whose events must be dropped: the registration then stores only its id, start, status and policy.
    /// </param>
    /// <param name="stripped">How often each of its fields was stripped, for the ledger.</param>
    public async Task<bool> Register(
        CleanEvent.Session session, bool tracked, IReadOnlyCollection<KeyValuePair<string, int>> stripped, DateTimeOffset now,
        CollectionPolicy policy)
    {
        var status = tracked ? SessionStatus.Of(session.Tier) : SessionStatus.OptedOut;
        var update = new UpdateBuilder()
            .Set(StartedAt, Attributes.Number(now.ToUnixTimeMilliseconds()))
            .Set("policy", Attributes.Bytes(policy.HashBytes));
        if (tracked)
        {
            update.SetOnce(StatusName, Attributes.Text(status.Name))
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
            // A session that must not be tracked is opted out, even if a batch of it arrived before.
            update.Set(StatusName, Attributes.Text(status.Name));
        }

        return await Update(session.Id, update, $"attribute_not_exists({StartedAt})", now + policy.Retention("session"));
    }

    /// <summary>
    /// The status of a session. An unknown session is treated as a community session, and an item with this status is written. The read is
    /// consistent, because a session is registered moments before its first batch arrives. The first batch of a day extends the item's
    /// expiry, so that a session that runs for months does not expire while it runs. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<SessionState> State(string sessionId, DateTimeOffset now, CollectionPolicy policy)
    {
        if (await Read(sessionId) is { } known)
        {
            if (known.State.Status.Tier is not null && string.CompareOrdinal(known.ActiveOn, Day(now)) < 0)
                await KeepAlive(sessionId, known.State.Status, now, policy);
            return known.State;
        }

        // A deleted session that still sends must not get an item again. Its deletion mark was written before its item was deleted, so a
        // session whose item is gone has its mark.
        if ((await new SessionExclusions(DynamoDb, Name, policy).Erased([sessionId])).Count > 0)
            return new SessionState(SessionStatus.OptedOut);
        var mark = new UpdateBuilder()
            .Set(StatusName, Attributes.Text(SessionStatus.Community.Name))
            .Set(ActiveOn, Day(now))
            .Set("policy", Attributes.Bytes(policy.HashBytes));
        if (await Update(sessionId, mark, $"attribute_not_exists({Key})", now + policy.Retention("session")))
            return new SessionState(SessionStatus.Community);
        return await Read(sessionId) is { } registered ? registered.State : new SessionState(SessionStatus.Community);
    }

    /// <summary>
    /// Adds the services that a Pro session has called for the first time, with today's date. Does nothing when the session was opted out
    /// or deleted after it was read. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task AddServices(string sessionId, IEnumerable<string> services, DateTimeOffset now, CollectionPolicy policy) => Update(
        sessionId,
        new UpdateBuilder().Add(Services, services.Select(service => service + ServiceEnd + Day(now)))
            .With("s", StatusName, Attributes.Text(SessionStatus.Pro.Name)),
        "#s = :s",
        now + policy.Retention("session"));

    // Only if the status is still the one that was read: a session that was opted out or deleted meanwhile stays so. Only one of several
    // concurrent batches succeeds.
    private Task<bool> KeepAlive(string sessionId, SessionStatus status, DateTimeOffset now, CollectionPolicy policy) => Update(
        sessionId,
        new UpdateBuilder()
            .Set(ActiveOn, Day(now))
            .With("s", StatusName, Attributes.Text(status.Name))
            .With("a", ActiveOn, Attributes.Text(Day(now))),
        "#s = :s AND (attribute_not_exists(#a) OR #a < :a)",
        now + policy.Retention("session"));

    /// <summary>
    /// A credential's sessions, newest first, with one query for each of its fingerprints. <paramref name="after"/> is the start
    /// (milliseconds since 1970) and id of the last session of the previous page. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    /// <param name="credentials">The credential's fingerprints: more than one while the secret is being replaced.</param>
    /// <param name="after">The last session of the previous page; null for the first page.</param>
    /// <param name="most">The most sessions to return; fewer mean that there are no others.</param>
    public async Task<IReadOnlyList<OwnedSession>> OfCredential(
        IReadOnlyList<string> credentials, (long StartedAt, string Id)? after, int most) =>
        [.. (await QueryCredentials(credentials, after, most)).Select(OwnedSession.Of).OfType<OwnedSession>()];

    /// <summary>Like <see cref="OfCredential"/>, with everything that is stored of each session.</summary>
    public async Task<IReadOnlyList<StoredItem>> StoredOfCredential(
        IReadOnlyList<string> credentials, (long StartedAt, string Id)? after, int most) =>
        [.. (await QueryCredentials(credentials, after, most)).Select(item => new StoredItem(item))];

    private async Task<IEnumerable<Dictionary<string, AttributeValue>>> QueryCredentials(
        IReadOnlyList<string> credentials, (long StartedAt, string Id)? after, int most)
    {
        if (credentials.Count == 1) return await QueryCredential(credentials[0], after, most);
        var pages = await Task.WhenAll(credentials.Select(credential => QueryCredential(credential, after, most)));
        // In the order of the index. The sessions that are left out come with the next page.
        return pages.SelectMany(page => page)
            .OrderByDescending(item => item.NumberOrNull(StartedAt)).ThenByDescending(item => item[Key].S, StringComparer.Ordinal)
            .Take(most);
    }

    private async Task<List<Dictionary<string, AttributeValue>>> QueryCredential(
        string credential, (long StartedAt, string Id)? after, int most)
    {
        var page = await Store.Call(() => DynamoDb.QueryAsync(new QueryRequest
        {
            TableName = Name,
            IndexName = ByCredential,
            KeyConditionExpression = $"{Credential} = :credential",
            ExpressionAttributeValues = new() { [":credential"] = Attributes.Text(credential) },
            ExclusiveStartKey = after is { } last
                ? new() { [Credential] = Attributes.Text(credential), [StartedAt] = Attributes.Number(last.StartedAt),
                    [Key] = Attributes.Text(last.Id) } : null,
            ScanIndexForward = false,
            Limit = most,
        }));
        return page.Items ?? [];
    }

    /// <summary>A registered session with a credential; null when there is none. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<OwnedSession?> Find(string sessionId)
    {
        var answer = await Store.Call(() => DynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = Name,
            Key = KeyOf(sessionId),
            ConsistentRead = true,
        }));
        return answer.Item is { Count: > 0 } item ? OwnedSession.Of(item) : null;
    }

    private async Task<(SessionState State, string? ActiveOn)?> Read(string sessionId)
    {
        var answer = await Store.Call(() => DynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = Name,
            Key = KeyOf(sessionId),
            ConsistentRead = true,
            ProjectionExpression = $"{StatusName},{ActiveOn},{StartedAt},{Services}",
        }));
        if (answer.Item?.TextOrNull(StatusName) is not { } status) return null;
        var services = answer.Item.GetValueOrDefault(Services)?.SS ?? [];
        return (
            new SessionState(
                SessionStatus.Parse(status), answer.Item.ContainsKey(StartedAt), [.. services.Select(text => ServiceOf(text).Service)]),
            answer.Item.TextOrNull(ActiveOn));
    }

    private static (string Service, string Day) ServiceOf(string text) =>
        text.IndexOf(ServiceEnd, StringComparison.Ordinal) is >= 0 and var end && IsDay(text[(end + 1)..])
            ? (text[..end], text[(end + 1)..]) : throw new InvalidDataException($"an entry of {Services} is not a service with a day");

    private static bool IsDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private Task<bool> Update(string sessionId, UpdateBuilder update, string condition, DateTimeOffset expiresAt) =>
        IfItHolds(() => DynamoDb.UpdateItemAsync(update.Build(Name, KeyOf(sessionId), condition, expiresAt)));

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Dictionary<string, AttributeValue> KeyOf(string sessionId) => new() { [Key] = Attributes.Text(sessionId) };
}
