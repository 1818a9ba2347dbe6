using System.Security.Cryptography;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>The key of those who run the collector.</summary>
internal sealed class OperatorKey(string key)
{
    private readonly byte[] hash = Hash(key);

    /// <summary>Throws the 401 problem unless the request bears the key. Compared in constant time, whatever the lengths.</summary>
    public void Require(APIGatewayProxyRequest request)
    {
        if (!IsBorneBy(request))
            throw Problem.Unauthorized.With("This needs the operator key: Authorization: Bearer <key>.");
    }

    /// <summary>Whether the request bears the key.</summary>
    public bool IsBorneBy(APIGatewayProxyRequest request) => CryptographicOperations.FixedTimeEquals(Hash(request.BearerToken() ?? ""), hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
