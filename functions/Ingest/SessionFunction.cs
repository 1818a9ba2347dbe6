using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// <c>POST /session</c>: registers a session and says whether to track. Any answer but 2xx silences that client for its lifetime (protocol.md), so a
/// store that is away is no reason for another: then the session is a community session.
/// </summary>
internal sealed class SessionFunction(
    CollectionPolicy policy, Fingerprints fingerprints, SessionsTable sessions, AnonymousTable log, TimeProvider time)
{
    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var body = RequestBody.ReadJson(request);
        var verdict = Judge(Envelope.ParseSession(body, policy).Events[0]);
        var tracked = verdict.Event is CleanEvent.Session { IsTesting: false };
        try
        {
            var now = time.GetUtcNow();
            var marks = verdict.Event is CleanEvent.Session session ? await sessions.MarksOf(session, now, policy) : default;
            tracked = tracked && marks is { Erased: false, Tracks: true };
            await Store(verdict, marks.Erased, tracked, body, now);
        }
        catch (StoreUnavailableException e)
        {
            context.Logger.LogWarning("session not registered: " + e.Message);
            if (InvocationReport.Current is { } report) report.Outcome = "unavailable";
        }

        if (verdict.Event is null && verdict.Reason != DropReason.OptedOut)
            throw Problem.BadRequest.With("The body is a session event whose session_id is a UUID.");
        return Response.Json(new SessionResponse(tracked), IngestJson.Default.SessionResponse);
    }

    private async Task Store(CleanResult verdict, bool erased, bool tracked, byte[] body, DateTimeOffset now)
    {
        if (verdict.Event is CleanEvent.Session session && !erased)
        {
            var registered = await sessions.Register(session, tracked, verdict.Stripped, now, policy);
            var dropped = registered && !tracked;
            InvocationReport.Current?.Count(1, registered && tracked ? 1 : 0, registered ? 0 : 1);
            if (dropped) InvocationReport.Current?.Dropped(DropReason.OptedOut.Name());
            return;
        }

        // Nothing is kept of it but its line in the ledger.
        var batch = new LogBatch(body, fingerprints);
        batch.Drop(erased ? DropReason.OptedOut : verdict.Reason);
        await log.Append(batch.Items[0], now, policy);
        InvocationReport.Current?.Count(1, 0, 0);
        InvocationReport.Current?.Dropped(verdict.Reason.Name());
    }

    private CleanResult Judge(RawEvent? untrusted)
    {
        if (untrusted is not { Rule.Kind: EventKind.Session }) return CleanResult.Dropped(DropReason.WrongEndpoint);
        return policy.TrackEvents ? policy.Clean(untrusted, EventTier.All) : CleanResult.Dropped(DropReason.OptedOut);
    }
}
