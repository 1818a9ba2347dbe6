using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;

namespace Collector.Storage;

/// <summary>
/// Sessions that are being deleted. From the first step on, nothing more of them is stored (<c>opted_out</c>) or shown: their
/// credential becomes <c>erasing#…</c>. The index lists them under this credential until everything else is deleted, so that an
/// interrupted deletion can continue.
/// </summary>
internal sealed class DeletingSessions(IAmazonDynamoDB dynamoDb, string name, CollectionPolicy policy)
{
    private const string ErasedAt = "erased_at";

    /// <summary>
    /// A credential's first sessions that started no later than <paramref name="until"/>, oldest first, as far as the index knows. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<List<ErasingSession>> StartedUntil(string credential, DateTimeOffset until, int most) =>
        List(credential, $"AND {SessionsTable.StartedAt} <= :until", until, most);

    /// <summary>
    /// A credential's first sessions that are being deleted, oldest first, as far as the index knows. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task<List<ErasingSession>> Erasing(string credential, int most) => List(Erased(credential), "", null, most);

    /// <summary>
    /// One session of a credential; null when the credential has no session with this id. <c>ErasedAt</c> is null while no deletion has
    /// begun. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<ErasingSession?> Find(string sessionId, string credential)
    {
        var answer = await Store.Call(() => dynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = name,
            Key = KeyOf(sessionId),
            ConsistentRead = true,
            ProjectionExpression = $"{SessionsTable.Key},{SessionsTable.Credential},{ErasedAt}",
        }));
        var owner = answer.Item?.TextOrNull(SessionsTable.Credential);
        return owner == credential || owner == Erased(credential) ? Of(answer.Item!) : null;
    }

    /// <summary>
    /// Stops a session: nothing more of it is stored, and its item keeps only what is needed to find it. Does nothing when the session is
    /// stopped already. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task Begin(string sessionId, string credential, DateTimeOffset now)
    {
        var update = new UpdateBuilder()
            .Set(SessionsTable.Credential, Erased(credential))
            .Set(SessionsTable.StatusName, SessionStatus.OptedOut.Name)
            .Set(ErasedAt, Attributes.Number(now.ToUnixTimeMilliseconds()))
            .Remove("machine", "system", "version", "is_ci", "is_docker", "is_testing", SessionsTable.Stripped,
                SessionsTable.ActiveOn, SessionsTable.Services)
            .With("c", SessionsTable.Credential, Attributes.Text(credential));
        await IfStillThere(() => dynamoDb.UpdateItemAsync(
            update.Build(name, KeyOf(sessionId), "#c = :c", now + policy.Retention("session"))));
    }

    /// <summary>
    /// Removes the item of a session that is being deleted, as the last step of its deletion. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public Task Remove(string sessionId, string credential) => IfStillThere(() => dynamoDb.DeleteItemAsync(new DeleteItemRequest
    {
        TableName = name,
        Key = KeyOf(sessionId),
        ConditionExpression = $"{SessionsTable.Credential} = :c",
        ExpressionAttributeValues = new() { [":c"] = Attributes.Text(Erased(credential)) },
    }));

    private async Task<List<ErasingSession>> List(string credential, string condition, DateTimeOffset? until, int most)
    {
        var request = new QueryRequest
        {
            TableName = name,
            IndexName = SessionsTable.ByCredential,
            KeyConditionExpression = $"{SessionsTable.Credential} = :c {condition}",
            ProjectionExpression = $"{SessionsTable.Key},{ErasedAt}",
            ExpressionAttributeValues = new() { [":c"] = Attributes.Text(credential) },
            Limit = most,
        };
        if (until is { } last) request.ExpressionAttributeValues[":until"] = Attributes.Number(last.ToUnixTimeMilliseconds());
        var page = await Store.Call(() => dynamoDb.QueryAsync(request));
        return [.. (page.Items ?? []).Select(Of)];
    }

    private static async Task IfStillThere<T>(Func<Task<T>> write)
    {
        try
        {
            await Store.Call(write);
        }
        catch (ConditionalCheckFailedException)
        {
            // Another run has done it, or this one before.
        }
    }

    private static ErasingSession Of(Dictionary<string, AttributeValue> item) => new(
        item[SessionsTable.Key].S, item.NumberOrNull(ErasedAt) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);

    private static string Erased(string credential) => "erasing#" + credential;

    private static Dictionary<string, AttributeValue> KeyOf(string sessionId) => new() { [SessionsTable.Key] = Attributes.Text(sessionId) };
}

/// <summary>A session that is being deleted or is to be deleted; <c>ErasedAt</c> is when it was stopped.</summary>
internal sealed record ErasingSession(string Id, DateTimeOffset? ErasedAt);
