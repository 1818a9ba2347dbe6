using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Api;

/// <summary>What every function behind the API has around it: the one place where an exception becomes a status.</summary>
internal static class ApiFunction
{
    /// <summary>The answer to an event that is no request that this function can read.</summary>
    public static APIGatewayProxyResponse Unreadable() => Response.Of(Problem.BadRequest, "The request cannot be read.");

    /// <summary>As <see cref="Guard(Func{APIGatewayProxyRequest, ILambdaContext, Task{APIGatewayProxyResponse}})"/>; each answer names the policy that it was made under.</summary>
    public static Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> Guard(
        Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> handle, CollectionPolicy policy)
    {
        var guarded = Guard(handle);
        return async (request, context) => (await guarded(request, context)).Under(policy);
    }

    /// <summary>The handler, safe: a problem is answered as one, a store that is away with 503, and anything else with 500 that says nothing.</summary>
    public static Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> Guard(
        Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> handle) => async (request, context) =>
    {
        try
        {
            return await handle(request, context);
        }
        catch (ProblemException e)
        {
            return Response.Of(e.Problem, e.Message);
        }
        catch (StoreUnavailableException e)
        {
            context.Logger.LogWarning(e.Message);
            return Response.Of(Problem.Unavailable, "The store is away. Nothing of this request is acknowledged; send it again later.");
        }
#pragma warning disable CA1031 // The last line of defence: what isn't foreseen must not end as an exception text in a log.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // The type and the place, never the message: it may quote the request.
            context.Logger.LogError($"{e.GetType().FullName}\n{e.StackTrace}");
            return Response.Of(Problem.Internal, null);
        }
    };
}
