using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Api;

/// <summary>Wraps every function of the API. Only here does an exception become an HTTP status.</summary>
internal static class ApiFunction
{
    /// <summary>Wraps a function and adds the header that names the collection policy in force to each of its answers.</summary>
    public static Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> Guard(
        Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> handle, CollectionPolicy policy)
    {
        var guarded = Guard(handle);
        return async (request, context) => (await guarded(request, context)).Under(policy);
    }

    /// <summary>
    /// Wraps a function. Its problems are answered as such, an unavailable store with 503, and any other exception with 500 without
    /// details.
    /// </summary>
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
            return Response.Of(Problem.Unavailable,
                "The store is unavailable. No part of this request was acknowledged. Send it again later.");
        }
#pragma warning disable CA1031 // The text of an unexpected exception must not reach a log or a client.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Logger.LogError(Failure.Describe(e));
            return Response.Of(Problem.Internal, null);
        }
    };

    /// <summary>The answer to an event that cannot be read as a request.</summary>
    public static APIGatewayProxyResponse Unreadable() => Response.Of(Problem.BadRequest, "The request cannot be read.");
}
