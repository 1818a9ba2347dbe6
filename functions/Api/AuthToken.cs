using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;

namespace Collector.Api;

/// <summary>
/// The auth token (or legacy API key) of those whose sessions are shown. The collector keeps fingerprints and no list of valid tokens:
/// whoever bears a token sees what was sent with it.
/// </summary>
internal sealed class AuthToken(Fingerprints fingerprints)
{
    // What policy.json takes as a session's api_key; nothing is stored under another.
    private const int MaxLength = 256;

    /// <summary>The fingerprint of the credential that the request bears. Throws the 401 problem when it bears none.</summary>
    public string Require(APIGatewayProxyRequest request)
    {
        var token = CredentialText.Trim(request.BearerToken());
        if (token.Length is > 0 and <= MaxLength && Ascii.IsValid(token) && !token.ContainsAnyInRange('\0', ' ') && !token.Contains('\x7f'))
            return fingerprints.Credential(token.ToString());
        throw Problem.Unauthorized.With("This needs your auth token: Authorization: Bearer <token>.");
    }
}
