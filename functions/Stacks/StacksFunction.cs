using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// Stack Insights, with the auth token: <c>GET /stacks</c> lists its sessions, <c>/stacks/{session}</c> shows one, <c>/stacks/{session}/events</c> its
/// calls. Lists and summaries are read from counter items, whatever the number of calls; a session that isn't there and one of somebody else are the
/// same 404.
/// </summary>
internal sealed class StacksFunction(AuthToken token, Cursors cursors, SessionsTable sessions, EventsTable events, CountersTable counters)
{
    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var credentials = token.Require(request);
        return (request.HttpMethod, request.Resource) switch
        {
            ("GET", "/stacks") => Response.Json(await List(request, credentials), StackJson.Default.Stacks),
            ("GET", "/stacks/{session}") => Response.Json(await Summary(await Owned(request, credentials)), StackJson.Default.StackDetail),
            ("GET", "/stacks/{session}/events") => Response.Json(
                await new SessionEvents(events, cursors).Page(await Owned(request, credentials), EventFilter.Parse(request)), StackJson.Default.Events),
            _ => throw Problem.NotFound.With("There is no such list; see the README for those there are."),
        };
    }

    // Two reads: a query of the index, and the totals of what it found in one go. While the secret is replaced, one more: all sessions under the new
    // fingerprint started after those under the old one.
    private async Task<Page<StackRow>> List(APIGatewayProxyRequest request, IReadOnlyList<string> credentials)
    {
        var limit = request.QueryNumber("limit", 100, otherwise: 25);
        var list = "stacks of " + credentials[0];
        // One more than is shown tells whether there is a next page.
        var after = After(cursors.Open(list, request.Query("cursor")));
        var found = new List<OwnedSession>(limit + 1);
        foreach (var credential in credentials)
        {
            if (found.Count <= limit) found.AddRange(await sessions.OfCredential(credential, after, limit + 1 - found.Count));
        }

        var shown = found.Take(limit).ToList();
        var totals = await counters.StackTotals(shown.Select(s => s.Id));
        return new Page<StackRow>(
            [.. shown.Select(s => StackSummary.Row(s, totals.GetValueOrDefault(s.Id)))],
            found.Count > limit ? cursors.Seal(list, string.Create(CultureInfo.InvariantCulture, $"{shown[^1].StartedAt.ToUnixTimeMilliseconds()} {shown[^1].Id}")) : null);
    }

    private async Task<StackDetail> Summary(OwnedSession session)
    {
        var summary = new StackSummary(session);
        await foreach (var item in counters.Read(CounterKey.StackTotal(session.Id).Metric)) summary.Add(item);
        return summary.Detail();
    }

    private async Task<OwnedSession> Owned(APIGatewayProxyRequest request, IReadOnlyList<string> credentials)
    {
        if (Guid.TryParseExact(request.PathParameter("session"), "D", out var id)
            && await sessions.Find(id.ToString("D", CultureInfo.InvariantCulture)) is { } session && credentials.Any(session.BelongsTo)) return session;
        throw Problem.NotFound.With("No session of this token has this id.");
    }

    private static (long StartedAt, string Id)? After(string? place)
    {
        if (place is null) return null;
        var parts = place.Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }
}
