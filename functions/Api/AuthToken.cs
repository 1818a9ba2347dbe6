using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;

namespace Collector.Api;

/// <summary>
/// Checks the auth token (or legacy API key) of a request. The collector keeps fingerprints but no list of valid tokens. A client that
/// presents a token sees the sessions that were sent with that token.
/// </summary>
internal sealed class AuthToken(Fingerprints fingerprints)
{
    // The longest api_key that policy.json accepts; no session is stored under a longer one.
    private const int MaxLength = 256;

    /// <summary>
    /// The fingerprints of the request's token, one for each of <see cref="Fingerprints.Versions"/>, the current one first. Throws the 401
    /// problem when the token is missing or malformed.
    /// </summary>
    public IReadOnlyList<string> Require(APIGatewayProxyRequest request)
    {
        var text = CredentialText.Trim(request.BearerToken());
        if (text.Length is 0 or > MaxLength || !Ascii.IsValid(text) || text.ContainsAnyInRange('\0', ' ') || text.Contains('\x7f'))
            throw Problem.Unauthorized.With("This request needs your auth token: Authorization: Bearer <token>.");
        var token = text.ToString();
        return [.. fingerprints.Versions.Select(version => version.Credential(token))];
    }
}
