using System.Security.Cryptography;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>
/// The key of those who run the collector. While it is being replaced there are two, separated by a comma, the new one first: whoever uses the old one
/// can go on until all have the new one (<c>infra/rotate.sh operator-key</c>).
/// </summary>
internal sealed class OperatorKey(string keys)
{
    private readonly byte[][] hashes = [.. keys.Split(',').Select(Hash)];

    /// <summary>Throws the 401 problem unless the request bears a valid key.</summary>
    public void Require(APIGatewayProxyRequest request)
    {
        if (!IsBorneBy(request))
            throw Problem.Unauthorized.With("This needs the operator key: Authorization: Bearer <key>.");
    }

    /// <summary>Whether the request bears a valid key. Compared in constant time, whatever the lengths, and always with each.</summary>
    public bool IsBorneBy(APIGatewayProxyRequest request)
    {
        var borne = Hash(request.BearerToken() ?? "");
        var isOne = false;
        foreach (var hash in hashes) isOne |= CryptographicOperations.FixedTimeEquals(borne, hash);
        return isOne;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
