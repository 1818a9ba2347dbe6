using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// Stack Insights, with the auth token: <c>GET /stacks</c> lists the token's sessions, <c>/stacks/overview</c> adds them up,
/// <c>/stacks/{session}</c> shows one, <c>/stacks/{session}/events</c> its calls, <c>/breakdown</c> its errors and callers,
/// <c>/comparison</c> the changes since an earlier one. Lists, summaries and comparisons are read from counter items, regardless of the
/// number of calls. A session that does not exist and a session of another owner give the same 404.
/// </summary>
internal sealed class StacksFunction(
    AuthToken token, Cursors cursors, SessionsTable sessions, CallsTable calls, CountersTable counters, TimeProvider time)
{
    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var credentials = token.Require(request);
        return (request.HttpMethod, request.Resource) switch
        {
            ("GET", "/stacks") =>
                Response.Json(await new StackList(sessions, counters, cursors).Page(request, credentials), StackJson.Default.Stacks),
            ("GET", "/stacks/overview") => Response.Json(
                await new StackOverview(sessions, counters, time).Of(credentials, request.QueryNumber("days", 90, otherwise: 30)),
                StackJson.Default.StackOverviewResponse),
            ("GET", "/stacks/{session}") => Response.Json(
                await StackSummary.Read(await Owned(request, credentials), counters), StackJson.Default.StackDetail),
            ("GET", "/stacks/{session}/comparison") =>
                Response.Json(await Compare(request, credentials), StackJson.Default.StackComparisonResponse),
            ("GET", "/stacks/{session}/breakdown") => Response.Json(
                await Breakdown(await Owned(request, credentials)), StackJson.Default.StackBreakdownResponse),
            ("GET", "/stacks/{session}/events") => Response.Json(
                await new SessionEvents(calls, cursors).Page(await Owned(request, credentials), EventFilter.Parse(request)),
                StackJson.Default.Events),
            _ => throw Problem.NotFound.With("There is no such route; docs/api.yaml lists them."),
        };
    }

    private async Task<StackComparisonResponse> Compare(APIGatewayProxyRequest request, IReadOnlyList<string> credentials)
    {
        var session = await Owned(request, credentials);
        var comparison = new StackComparison(sessions, counters);
        var with = request.Query("with") is { } id ? await Owned(id, credentials) : await comparison.Previous(session, credentials);
        return StackComparison.Of(await StackSummary.Read(session, counters), with is null
            ? null : await StackSummary.Read(with, counters));
    }

    private async Task<StackBreakdownResponse> Breakdown(OwnedSession session) =>
        await new StackBreakdown(calls).Of(session, await StackSummary.Read(session, counters));

    private Task<OwnedSession> Owned(APIGatewayProxyRequest request, IReadOnlyList<string> credentials) =>
        Owned(request.PathParameter("session"), credentials);

    private async Task<OwnedSession> Owned(string? sessionId, IReadOnlyList<string> credentials)
    {
        if (Guid.TryParseExact(sessionId, "D", out var id)
            && await sessions.Find(id.ToString("D", CultureInfo.InvariantCulture)) is { } session
                && credentials.Any(session.BelongsTo)) return session;
        throw Problem.NotFound.With("No session of this token has this id.");
    }
}
