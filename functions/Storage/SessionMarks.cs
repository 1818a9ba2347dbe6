using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// What stands in the Sessions table beside sessions, under fingerprints of purposes of their own, which match no credential's and no session's:
/// <c>tracking#…</c> a credential's wish not to be tracked, <c>erased#…</c> a session that was erased and may still send.
/// </summary>
internal sealed class SessionMarks(IAmazonDynamoDB dynamoDb, string name, CollectionPolicy policy)
{
    private const string TrackingPrefix = "tracking#";
    private const string ErasedPrefix = "erased#";

    private Fingerprints Fingerprints => policy.Fingerprints;

    /// <summary>Those of the sessions that have been erased. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<HashSet<string>> Erased(IReadOnlyCollection<string> sessionIds)
    {
        if (sessionIds.Count == 0) return [];
        var sessions = sessionIds.Distinct().ToDictionary(ErasedKey);
        var marks = await Items.Get(dynamoDb, name, sessions.Keys.Select(KeyOf), SessionsTable.Key);
        return [.. marks.Select(mark => sessions[mark[SessionsTable.Key].S])];
    }

    /// <summary>Marks a session as erased, before anything of it goes.</summary>
    public Task MarkErased(string sessionId, DateTimeOffset now) =>
        Store.Call(() => dynamoDb.PutItemAsync(Items.Put(name, Mark(ErasedKey(sessionId)), now + policy.Retention("erasure"))));

    /// <summary>
    /// What is marked about a session that starts: whether it was erased, and whether its credential's owner lets it be tracked. One read, and a write
    /// when the wish not to be tracked has gone half of its way to its end. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<(bool Erased, bool Tracks)> At(string sessionId, string credential, DateTimeOffset now)
    {
        var preference = TrackingKey(credential);
        var erased = ErasedKey(sessionId);
        var marks = await Items.Get(dynamoDb, name, [KeyOf(preference), KeyOf(erased)], $"{SessionsTable.Key},{Items.ExpiresAt}");
        var wish = marks.Find(mark => mark[SessionsTable.Key].S == preference);
        if (wish?.NumberOrNull(Items.ExpiresAt) < (now + (policy.Retention("tracking") / 2)).ToUnixTimeSeconds()) await Renew(credential, now);
        return (marks.Any(mark => mark[SessionsTable.Key].S == erased), wish is null);
    }

    /// <summary>Whether the owner of a credential lets it be tracked: so it is unless they said otherwise.</summary>
    public async Task<bool> Tracks(string credential) =>
        (await Items.Get(dynamoDb, name, [KeyOf(TrackingKey(credential))], SessionsTable.Key)).Count == 0;

    /// <summary>Keeps the wish not to be tracked, or takes it away. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task SetTracks(string credential, bool tracks, DateTimeOffset now)
    {
        var key = TrackingKey(credential);
        if (tracks) await Store.Call(() => dynamoDb.DeleteItemAsync(new DeleteItemRequest { TableName = name, Key = KeyOf(key) }));
        else await Store.Call(() => dynamoDb.PutItemAsync(Items.Put(name, Mark(key), now + policy.Retention("tracking"))));
    }

    // On the condition that it is still there: it may have been taken away just now.
    private async Task Renew(string credential, DateTimeOffset now)
    {
        var update = new UpdateBuilder().Set("policy", Attributes.Bytes(policy.HashBytes));
        try
        {
            await Store.Call(() => dynamoDb.UpdateItemAsync(
                update.Build(name, KeyOf(TrackingKey(credential)), $"attribute_exists({SessionsTable.Key})", now + policy.Retention("tracking"))));
        }
        catch (ConditionalCheckFailedException)
        {
            // Then there is nothing to renew.
        }
    }

    private Dictionary<string, AttributeValue> Mark(string key) =>
        new() { [SessionsTable.Key] = Attributes.Text(key), ["policy"] = Attributes.Bytes(policy.HashBytes) };

    private string TrackingKey(string credential) => TrackingPrefix + Fingerprints.Preference(credential);

    private string ErasedKey(string sessionId) => ErasedPrefix + Fingerprints.ErasedSession(sessionId);

    private static Dictionary<string, AttributeValue> KeyOf(string key) => new() { [SessionsTable.Key] = Attributes.Text(key) };
}
