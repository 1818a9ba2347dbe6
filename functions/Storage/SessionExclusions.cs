using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// Items of the Sessions table that are not sessions. <c>tracking#…</c> means that the owner of a credential does not want to be tracked.
/// <c>erased#…</c> is the deletion mark of a session, which may still send. Their fingerprints have purposes of their own, so that they
/// match no fingerprint of a credential and no session id.
/// </summary>
internal sealed class SessionExclusions(IAmazonDynamoDB dynamoDb, string name, CollectionPolicy policy)
{
    private const string TrackingPrefix = "tracking#";
    private const string ErasedPrefix = "erased#";

    private Fingerprints Fingerprints => policy.Fingerprints;

    /// <summary>The sessions, out of the given ones, that have been deleted. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<HashSet<string>> Erased(IReadOnlyCollection<string> sessionIds)
    {
        if (sessionIds.Count == 0) return [];
        var sessions = sessionIds.Distinct().SelectMany(id => ErasedKeys(id).Select(key => (key, id)))
            .ToDictionary(pair => pair.key, pair => pair.id);
        var marks = await Items.Get(dynamoDb, name, sessions.Keys.Select(KeyOf), SessionsTable.Key);
        return [.. marks.Select(mark => sessions[mark[SessionsTable.Key].S])];
    }

    /// <summary>Writes the deletion mark of a session, before anything of the session is deleted.</summary>
    public Task MarkErased(string sessionId, DateTimeOffset now) =>
        Store.Call(() => dynamoDb.PutItemAsync(Items.Put(name, Mark(ErasedKeys(sessionId)[0]), now + policy.Retention("erasure"))));

    /// <summary>
    /// Whether a session that starts was deleted, and whether the owner of its credential allows tracking. This costs one read, and a write
    /// when the opt-out is older than half of its retention or is stored only under the old secret. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    /// <param name="credentials">The credential's fingerprints, one for each of <see cref="Fingerprints.Versions"/>.</param>
    public async Task<(bool Erased, bool Tracks)> At(string sessionId, IReadOnlyList<string> credentials, DateTimeOffset now)
    {
        var wishes = TrackingKeys(credentials);
        var erased = ErasedKeys(sessionId);
        var marks = await Items.Get(dynamoDb, name, [.. wishes.Concat(erased).Select(KeyOf)], $"{SessionsTable.Key},{Items.ExpiresAt}");
        var found = marks.FindAll(mark => wishes.Contains(mark[SessionsTable.Key].S));
        var current = found.Find(mark => mark[SessionsTable.Key].S == wishes[0]);
        if (found.Count > 0 && current is null) await SetTracks(credentials, tracks: false, now);
        else if (current?.NumberOrNull(Items.ExpiresAt) < (now + (policy.Retention("tracking") / 2)).ToUnixTimeSeconds()) await Renew(
            wishes[0], now);
        return (marks.Count > found.Count, found.Count == 0);
    }

    /// <summary>Whether the owner of a credential allows tracking, which is the default.</summary>
    public async Task<bool> Tracks(IReadOnlyList<string> credentials) =>
        (await Items.Get(dynamoDb, name, TrackingKeys(credentials).Select(KeyOf), SessionsTable.Key)).Count == 0;

    /// <summary>Stores the opt-out of a credential's owner, or removes it. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task SetTracks(IReadOnlyList<string> credentials, bool tracks, DateTimeOffset now)
    {
        var keys = TrackingKeys(credentials);
        if (!tracks)
        {
            await Store.Call(() => dynamoDb.PutItemAsync(Items.Put(name, Mark(keys[0]), now + policy.Retention("tracking"))));
            return;
        }

        foreach (var key in keys) await Store.Call(
            () => dynamoDb.DeleteItemAsync(new DeleteItemRequest { TableName = name, Key = KeyOf(key) }));
    }

    // On the condition that the opt-out still exists: it may have been removed a moment ago.
    private async Task Renew(string key, DateTimeOffset now)
    {
        var update = new UpdateBuilder().Set("policy", Attributes.Bytes(policy.HashBytes));
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(
                update.Build(name, KeyOf(key), $"attribute_exists({SessionsTable.Key})", now + policy.Retention("tracking"))));
        }
        catch (ConditionalCheckFailedException)
        {
            // The opt-out was removed, so there is nothing to renew.
        }
    }

    private Dictionary<string, AttributeValue> Mark(string key) =>
        new() { [SessionsTable.Key] = Attributes.Text(key), ["policy"] = Attributes.Bytes(policy.HashBytes) };

    private List<string> TrackingKeys(IReadOnlyList<string> credentials) =>
        [.. Fingerprints.Versions.Zip(credentials, (version, credential) => TrackingPrefix + version.Preference(credential))];

    private List<string> ErasedKeys(string sessionId) =>
        [.. Fingerprints.Versions.Select(version => ErasedPrefix + version.ErasedSession(sessionId))];

    private static Dictionary<string, AttributeValue> KeyOf(string key) => new() { [SessionsTable.Key] = Attributes.Text(key) };
}
