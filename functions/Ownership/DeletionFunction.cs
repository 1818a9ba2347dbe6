using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Deletion: <c>DELETE /stacks</c> deletes all sessions of the bearer's credential that have started, <c>DELETE /stacks/{session}</c>
/// deletes one of them, and <c>GET /stacks/erasures/{id}</c> shows the progress. The request is stored before anything is deleted; the
/// <see cref="DeletionWorkerFunction"/> finishes the work for which this function has no time.
/// </summary>
internal sealed class DeletionFunction(
    AuthToken token, Fingerprints fingerprints, DeletionRequests requests, DeletingSessions sessions, DeletionWorker worker,
    TimeProvider time)
{
    // The client waits for the answer.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    // If this function dies, the worker takes over after this time. Until then it leaves the request alone.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var credentials = token.Require(request);
        return request.Resource switch
        {
            "/stacks" => await EraseAll(credentials, context),
            "/stacks/{session}" => await EraseOne(Parameter(request, "session"), credentials, context),
            "/stacks/erasures/{id}" => Answered(await Status(Parameter(request, "id"), credentials) ?? throw NotFound(), ""),
            _ => throw NotFound(),
        };
    }

    // While the secret is being replaced, a credential's sessions are stored under two fingerprints, and there is a request for each.
    private async Task<APIGatewayProxyResponse> EraseAll(IReadOnlyList<string> credentials, ILambdaContext context)
    {
        var now = time.GetUtcNow();
        var states = await Task.WhenAll(credentials.Select(credential => EraseAll(credential, now, context)));
        var state = Array.Find(states, request => request is { FinishedAt: null }) ?? Array.Find(states, request => request is not null);
        return state is not null ? Answered(state, "stacks/erasures/")
            : Response.Json(DeletionResponse.Nothing(now), ErasureJson.Default.DeletionResponse);
    }

    // For a credential without sessions this costs three small reads and stores nothing, because anybody can make up tokens.
    private async Task<DeletionRequest?> EraseAll(string credential, DateTimeOffset now, ILambdaContext context)
    {
        var asked = requests.Find(fingerprints.Erasure(credential, null));
        var started = sessions.StartedUntil(credential, now, most: 1);
        var erasing = sessions.Erasing(credential, most: 1);
        await Task.WhenAll(asked, started, erasing);
        if (await asked is { FinishedAt: null } running) return running;
        return (await started).Count + (await erasing).Count > 0 ? await Begin(credential, null, now, context) : await asked;
    }

    private async Task<APIGatewayProxyResponse> EraseOne(string text, IReadOnlyList<string> credentials, ILambdaContext context)
    {
        if (!Guid.TryParseExact(text, "D", out var id)) throw NotFound();
        var states = await Task.WhenAll(credentials.Select(credential => EraseOne(credential, id.ToString("D"), context)));
        return Answered(Array.Find(states, request => request is not null) ?? throw NotFound(), "erasures/");
    }

    private async Task<DeletionRequest?> EraseOne(string credential, string sessionId, ILambdaContext context)
    {
        // Both are always read, so that a session of another owner takes as long as one that does not exist.
        var asked = requests.Find(fingerprints.Erasure(credential, sessionId));
        var found = sessions.Find(sessionId, credential);
        await Task.WhenAll(asked, found);
        if (await asked is { FinishedAt: null } running) return running;
        return await found is not null ? await Begin(credential, sessionId, time.GetUtcNow(), context) : await asked;
    }

    private async Task<DeletionRequest?> Status(string id, IReadOnlyList<string> credentials)
    {
        var request = await requests.Find(id);
        if (request is null || !IsOwner(request, credentials)) return null;
        if (request.FinishedAt is null || credentials.Count == 1) return request;
        // A deletion of all sessions is done when it is done under both fingerprints.
        var ids = credentials.Select(credential => fingerprints.Erasure(credential, null)).ToList();
        if (!ids.Contains(id)) return request;
        var states = await Task.WhenAll(ids.Select(requests.Find));
        return Array.Find(states, state => state is { FinishedAt: null }) ?? request;
    }

    // A request from before the secret was replaced names its owner by the old secret.
    private bool IsOwner(DeletionRequest request, IReadOnlyList<string> credentials) =>
        credentials.Any(credential => fingerprints.Versions.Any(version => request.Owner == version.ErasureOwner(credential)));

    private async Task<DeletionRequest> Begin(string credential, string? sessionId, DateTimeOffset now, ILambdaContext context)
    {
        if (await requests.Ask(credential, sessionId, now, worker.SettlesAt(now), now + Lease) is not { } request)
        {
            // The same request was stored a moment ago.
            return await requests.Find(fingerprints.Erasure(credential, sessionId)) ?? throw NotFound();
        }

        try
        {
            request = await worker.TakeTurn(request, now + Budget);
        }
        catch (StoreUnavailableException e)
        {
            // The request is stored, and the worker continues it.
            context.Logger.LogWarning("deletion interrupted: " + e.Message);
        }

        if (InvocationReport.Current is { } report && request.FinishedAt is null) report.Outcome = "running";
        return request;
    }

    // The location is relative to the request's own address, because a function need not know the stage or the domain.
    private static APIGatewayProxyResponse Answered(DeletionRequest request, string place)
    {
        var running = request.FinishedAt is null;
        var answer = Response.Json(DeletionResponse.Of(request), ErasureJson.Default.DeletionResponse, running ? 202 : 200);
        answer.Headers!["Location"] = place + request.Id;
        if (running) answer.Headers["Retry-After"] = "30";
        return answer;
    }

    private static string Parameter(APIGatewayProxyRequest request, string name) =>
        request.PathParameters?.TryGetValue(name, out var value) == true ? value : "";

    private static ProblemException NotFound() => Problem.NotFound.With("No session or deletion of this token has this id.");
}
