using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>A session as it is shown to the owner of the credential with which it was started.</summary>
internal sealed record OwnedSession(string Id, string Credential, DateTimeOffset StartedAt, string? Version, bool IsCi, bool IsDocker)
{
    /// <summary>Compared in constant time.</summary>
    public bool BelongsTo(string credential) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Credential), Encoding.ASCII.GetBytes(credential));

    /// <summary>Null for a session without a credential, and for one that is not registered.</summary>
    public static OwnedSession? Of(Dictionary<string, AttributeValue> item) =>
        item.TextOrNull(SessionsTable.Credential) is { } credential && item.NumberOrNull(SessionsTable.StartedAt) is { } startedAt
            ? new OwnedSession(
                item[SessionsTable.Key].S,
                credential,
                DateTimeOffset.FromUnixTimeMilliseconds(startedAt),
                item.TextOrNull("version"),
                item.Flag("is_ci"),
                item.Flag("is_docker"))
            : null;
}
