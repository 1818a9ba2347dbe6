using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Storage;

namespace Collector.Site;

/// <summary>
/// <c>GET /health</c>: 200 <c>{"status":"ok"}</c> when the store answers one read, otherwise 503 without a reason. Anyone may ask, so the
/// answer tells nothing else; the reason is in the log.
/// </summary>
internal sealed class HealthFunction(SessionsTable sessions)
{
    // No client makes this id: it is no random one. A read of an item that is missing costs the least that a consistent read can.
    private const string NoSession = "00000000-0000-0000-0000-000000000000";

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        try
        {
            await sessions.Find(NoSession);
            return Response.Text("""{"status":"ok"}""", "application/json");
        }
#pragma warning disable CA1031 // Whatever the reason, a missing table or permission too, the answer is the same: the store does not answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Logger.LogWarning($"the store does not answer: {e.GetType().FullName}");
            return Response.Of(Problem.Unavailable, null);
        }
    }
}
