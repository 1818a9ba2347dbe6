using System.Security.Cryptography;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>
/// Checks the operator key of the people who run the collector. During a rotation (<c>infra/rotate.sh operator-key</c>) two keys are valid,
/// so that each person can switch to the new one at any time. They are separated by a comma, the new one first.
/// </summary>
internal sealed class OperatorKey(string keys)
{
    private readonly byte[][] hashes = [.. keys.Split(',').Select(Hash)];

    /// <summary>Throws the 401 problem unless the request has a valid key.</summary>
    public void Require(APIGatewayProxyRequest request)
    {
        if (!IsBorneBy(request))
            throw Problem.Unauthorized.With("This request needs the operator key: Authorization: Bearer <key>.");
    }

    /// <summary>Whether the request has a valid key. The comparison takes the same time for any two keys.</summary>
    public bool IsBorneBy(APIGatewayProxyRequest request)
    {
        var sent = Hash(request.BearerToken() ?? "");
        var isValid = false;
        foreach (var hash in hashes) isValid |= CryptographicOperations.FixedTimeEquals(sent, hash);
        return isValid;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
