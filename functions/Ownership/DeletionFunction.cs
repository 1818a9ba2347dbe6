using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Being forgotten: <c>DELETE /stacks</c> erases all sessions of the bearer's credential that have started, <c>DELETE /stacks/{session}</c> one of
/// them, and <c>GET /stacks/erasures/{id}</c> tells how far it is. The request is kept before anything goes; the table's stream makes the
/// <see cref="DeletionWorkerFunction"/> end what this function has no time for.
/// </summary>
internal sealed class DeletionFunction(
    AuthToken token, Fingerprints fingerprints, DeletionRequests requests, DeletingSessions sessions, DeletionWorker eraser, TimeProvider time)
{
    // An answer is waited for.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var credential = token.Require(request);
        return request.Resource switch
        {
            "/stacks" => await EraseAll(credential, context),
            "/stacks/{session}" => await EraseOne(Parameter(request, "session"), credential, context),
            "/stacks/erasures/{id}" => await Status(Parameter(request, "id"), credential),
            _ => throw NotFound(),
        };
    }

    private async Task<APIGatewayProxyResponse> EraseAll(string credential, ILambdaContext context)
    {
        var now = time.GetUtcNow();
        var before = await requests.Find(fingerprints.Erasure(credential, null));
        // Asked again, and nothing has started since: it is as it was.
        if (before is { FinishedAt: not null } && (await sessions.StartedUntil(credential, now)).Count + (await sessions.Erasing(credential)).Count == 0)
            return Answered(before, "stacks/erasures/");
        return await Begin(credential, null, now, "stacks/erasures/", context);
    }

    private async Task<APIGatewayProxyResponse> EraseOne(string text, string credential, ILambdaContext context)
    {
        if (!Guid.TryParseExact(text, "D", out var id)) throw NotFound();
        var sessionId = id.ToString("D");
        // Both are always read: another's session takes as long as one that isn't there.
        var asked = requests.Find(fingerprints.Erasure(credential, sessionId));
        var found = sessions.Find(sessionId, credential);
        await Task.WhenAll(asked, found);
        if (await found is not null) return await Begin(credential, sessionId, time.GetUtcNow(), "erasures/", context);
        return Answered(await asked ?? throw NotFound(), "erasures/");
    }

    private async Task<APIGatewayProxyResponse> Status(string id, string credential)
    {
        var request = await requests.Find(id);
        return request is not null && request.Owner == fingerprints.ErasureOwner(credential) ? Answered(request, "") : throw NotFound();
    }

    private async Task<APIGatewayProxyResponse> Begin(string credential, string? sessionId, DateTimeOffset now, string place, ILambdaContext context)
    {
        var request = await requests.Ask(credential, sessionId, now, eraser.SettlesAt(now));
        try
        {
            request = await eraser.Continue(request.Id, now + Budget, wait: false) ?? request;
        }
        catch (StoreUnavailableException e)
        {
            // The request is kept, and goes on without this function.
            context.Logger.LogWarning("erasure broken off: " + e.Message);
        }

        if (InvocationReport.Current is { } report && request.FinishedAt is null) report.Outcome = "running";
        return Answered(request, place);
    }

    // The place is relative to the request's own address: a function need not know the stage or the domain.
    private static APIGatewayProxyResponse Answered(DeletionRequest request, string place)
    {
        var running = request.FinishedAt is null;
        var answer = Response.Json(DeletionResponse.Of(request), ErasureJson.Default.DeletionResponse, running ? 202 : 200);
        answer.Headers!["Location"] = place + request.Id;
        if (running) answer.Headers["Retry-After"] = "10";
        return answer;
    }

    private static string Parameter(APIGatewayProxyRequest request, string name) => request.PathParameters?.TryGetValue(name, out var value) == true ? value : "";

    private static ProblemException NotFound() => Problem.NotFound.With("You have no such stack.");
}
