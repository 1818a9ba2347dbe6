using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Policy;

namespace Collector.Site;

/// <summary>
/// <c>GET /policy</c>: the collection policy as this deployment enforces it. Every ingest answer and every stored item carries the SHA-256
/// of this body, which is also its entity tag.
/// </summary>
internal sealed class PolicyFunction(CollectionPolicy policy)
{
    private readonly string json = Encoding.UTF8.GetString(policy.Json);

    public Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var tag = $"\"{policy.Hash}\"";
        var answer = request.Header("If-None-Match") == tag
            ? new APIGatewayProxyResponse { StatusCode = 304, Headers = new Dictionary<string, string>() }
            : Response.Text(json, "application/json");
        answer.Headers!["ETag"] = tag;
        answer.Headers!["Cache-Control"] = "max-age=300";
        return Task.FromResult(answer.Under(policy));
    }
}
