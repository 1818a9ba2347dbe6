using System.Security.Cryptography;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>Checks the operator key, which the people who run the collector have.</summary>
internal sealed class OperatorKey(string key)
{
    private readonly byte[] hash = Hash(key);

    /// <summary>Throws the 401 problem unless the request has the key. The comparison takes the same time for any two keys.</summary>
    public void Require(APIGatewayProxyRequest request)
    {
        if (!IsBorneBy(request))
            throw Problem.Unauthorized.With("This request needs the operator key: Authorization: Bearer <key>.");
    }

    /// <summary>Whether the request has the key.</summary>
    public bool IsBorneBy(APIGatewayProxyRequest request) =>
        CryptographicOperations.FixedTimeEquals(Hash(request.BearerToken() ?? ""), hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
