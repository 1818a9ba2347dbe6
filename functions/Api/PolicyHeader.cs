using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;

namespace Collector.Api;

internal static class PolicyHeader
{
    /// <summary>Adds the header that names the collection policy in force, by its SHA-256.</summary>
    public static APIGatewayProxyResponse Under(this APIGatewayProxyResponse response, CollectionPolicy policy)
    {
        response.Headers!["Collection-Policy"] = policy.Hash;
        return response;
    }
}
