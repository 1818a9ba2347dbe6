using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Being forgotten: <c>DELETE /stacks</c> deletes all sessions of the bearer's credential that have started, <c>DELETE /stacks/{session}</c> one of
/// them, and <c>GET /stacks/erasures/{id}</c> says how far it is. The request is stored before anything is deleted; the
/// <see cref="DeletionWorkerFunction"/> finishes what this function has no time for.
/// </summary>
internal sealed class DeletionFunction(
    AuthToken token, Fingerprints fingerprints, DeletionRequests requests, DeletingSessions sessions, DeletionWorker worker, TimeProvider time)
{
    // Somebody waits for the answer.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    // If this function dies, the worker takes over after this time; until then it leaves the request alone.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

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

    // A credential without sessions costs three small reads and stores nothing: anybody can make up tokens.
    private async Task<APIGatewayProxyResponse> EraseAll(string credential, ILambdaContext context)
    {
        var now = time.GetUtcNow();
        var asked = requests.Find(fingerprints.Erasure(credential, null));
        var started = sessions.StartedUntil(credential, now, most: 1);
        var erasing = sessions.Erasing(credential, most: 1);
        await Task.WhenAll(asked, started, erasing);
        var before = await asked;
        if (before is { FinishedAt: null }) return Answered(before, "stacks/erasures/");
        if ((await started).Count + (await erasing).Count > 0) return await Begin(credential, null, now, "stacks/erasures/", context);
        return before is not null ? Answered(before, "stacks/erasures/")
            : Response.Json(DeletionResponse.Nothing(now), ErasureJson.Default.DeletionResponse);
    }

    private async Task<APIGatewayProxyResponse> EraseOne(string text, string credential, ILambdaContext context)
    {
        if (!Guid.TryParseExact(text, "D", out var id)) throw NotFound();
        var sessionId = id.ToString("D");
        // Both are always read: another's session takes as long as one that isn't there.
        var asked = requests.Find(fingerprints.Erasure(credential, sessionId));
        var found = sessions.Find(sessionId, credential);
        await Task.WhenAll(asked, found);
        if (await asked is { FinishedAt: null } running) return Answered(running, "erasures/");
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
        if (await requests.Ask(credential, sessionId, now, worker.SettlesAt(now), now + Lease) is not { } request)
        {
            // Somebody has asked the same in this very moment.
            return Answered(await requests.Find(fingerprints.Erasure(credential, sessionId)) ?? throw NotFound(), place);
        }

        try
        {
            request = await worker.TakeTurn(request, now + Budget);
        }
        catch (StoreUnavailableException e)
        {
            // The request is stored, and the worker goes on with it.
            context.Logger.LogWarning("deletion interrupted: " + e.Message);
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
        if (running) answer.Headers["Retry-After"] = "30";
        return answer;
    }

    private static string Parameter(APIGatewayProxyRequest request, string name) => request.PathParameters?.TryGetValue(name, out var value) == true ? value : "";

    private static ProblemException NotFound() => Problem.NotFound.With("You have no such stack.");
}
