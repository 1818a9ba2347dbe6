using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Storage;

namespace Collector.Site;

/// <summary>
/// <c>GET /health</c>: 200 <c>{"status":"ok"}</c> when the store answers one read, otherwise 503 without a reason. The route is public, so
/// the answer contains nothing else; the reason is in the log.
/// </summary>
internal sealed class HealthFunction(SessionsTable sessions)
{
    // No client creates this id, because it is not random. The read of a missing item has the lowest cost of a consistent read.
    private const string NoSession = "00000000-0000-0000-0000-000000000000";

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        try
        {
            await sessions.Find(NoSession);
            return Response.Text("""{"status":"ok"}""", "application/json");
        }
#pragma warning disable CA1031 // For any reason, also a missing table or permission, the answer is the same: the store does not answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Logger.LogWarning($"the store does not answer: {e.GetType().FullName}");
            return Response.Of(Problem.Unavailable, null);
        }
    }
}
