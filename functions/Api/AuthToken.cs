using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;

namespace Collector.Api;

/// <summary>
/// The auth token (or legacy API key) of those whose sessions are shown. The collector keeps fingerprints and no list of valid tokens: whoever bears a
/// token sees what was sent with it.
/// </summary>
internal sealed class AuthToken(Fingerprints fingerprints)
{
    // What policy.json takes as a session's api_key; nothing is stored under another.
    private const int MaxLength = 256;

    /// <summary>
    /// The fingerprints of the credential that the request bears, one for each of <see cref="Fingerprints.Versions"/>. Throws the 401 problem when it
    /// bears none.
    /// </summary>
    public IReadOnlyList<string> Require(APIGatewayProxyRequest request)
    {
        if (request.BearerToken() is { Length: <= MaxLength } token && Ascii.IsValid(token) && !token.Any(c => c is <= ' ' or '\x7f'))
            return [.. fingerprints.Versions.Select(version => version.Credential(token))];
        throw Problem.Unauthorized.With("This needs your auth token: Authorization: Bearer <token>.");
    }
}
