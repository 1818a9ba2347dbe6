using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;

namespace Collector.Api;

internal static class PolicyHeader
{
    /// <summary>Names the policy that an answer was made under, by its SHA-256.</summary>
    public static APIGatewayProxyResponse Under(this APIGatewayProxyResponse response, CollectionPolicy policy)
    {
        response.Headers!["Collection-Policy"] = policy.Hash;
        return response;
    }
}
