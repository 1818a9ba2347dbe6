using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;

namespace Collector.Api;

/// <summary>
/// Checks the auth token (or legacy API key) of a request. The collector keeps fingerprints and no list of valid tokens: a client that
/// presents a token sees the sessions that were sent with it.
/// </summary>
internal sealed class AuthToken(Fingerprints fingerprints)
{
    // The longest api_key that policy.json accepts; no session is stored under a longer one.
    private const int MaxLength = 256;

    /// <summary>The fingerprint of the request's token. Throws the 401 problem when there is no token or it cannot be one.</summary>
    public string Require(APIGatewayProxyRequest request)
    {
        var token = CredentialText.Trim(request.BearerToken());
        if (token.Length is > 0 and <= MaxLength && Ascii.IsValid(token) && !token.ContainsAnyInRange('\0', ' ') && !token.Contains('\x7f'))
            return fingerprints.Credential(token.ToString());
        throw Problem.Unauthorized.With("This request needs your auth token: Authorization: Bearer <token>.");
    }
}
