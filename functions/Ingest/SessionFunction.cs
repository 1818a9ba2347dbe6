using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// <c>POST /session</c>: registers a session and says whether to track. Any answer but 2xx silences that client for its lifetime
/// (protocol.md), so neither a store that is away nor a damaged field is a reason for another: without the store the session is a community
/// session.
/// </summary>
internal sealed class SessionFunction(
    CollectionPolicy policy, Fingerprints fingerprints, SessionsTable sessions, AnonymousTable log, TimeProvider time)
{
    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var body = RequestBody.ReadJson(request);
        var sent = SessionEnvelope.Parse(body, policy);
        var cleaned = Clean(sent.Event);
        var tracked = cleaned.Event is CleanEvent.Session { IsTesting: false };
        try
        {
            var now = time.GetUtcNow();
            var marks = cleaned.Event is CleanEvent.Session session ? await sessions.ExclusionOf(session, now, policy) : default;
            tracked = tracked && marks is { Erased: false, Tracks: true };
            var outcomes = new RequestOutcomes();
            outcomes.Add(await Store(cleaned, marks.Erased, tracked, body, now));
            outcomes.Report();
        }
        catch (StoreUnavailableException e)
        {
            context.Logger.LogWarning("A session was not registered: " + e.Message);
            if (InvocationReport.Current is { } report) report.Outcome = "unavailable";
        }

        if (cleaned.Event is null && cleaned.Reason != Outcome.OptedOut)
        {
            if (!sent.HasId) throw Problem.BadRequest.With("The body is a session event whose session_id is a UUID.");
            // Another event came to the wrong route: it is not kept, and that is no reason to silence the session that sent it.
            tracked = true;
        }

        return Response.Json(new SessionResponse(tracked), IngestJson.Default.SessionResponse);
    }

    private async Task<Outcome> Store(CleanResult cleaned, bool deleted, bool tracked, byte[] body, DateTimeOffset now)
    {
        if (cleaned.Event is CleanEvent.Session session && !deleted)
        {
            // The item of an untracked session holds its id and that it is untracked; the ledger counts it as opted out.
            var isNew = await sessions.Register(session, tracked, cleaned.Stripped, now, policy);
            return !tracked ? Outcome.OptedOut : isNew ? Outcome.Stored : Outcome.Duplicate;
        }

        // Nothing is kept of it but its line in the ledger.
        var outcome = deleted ? Outcome.OptedOut : cleaned.Reason;
        var batch = new LogBatch(body, fingerprints);
        batch.Drop(outcome);
        await log.Append(batch.Items[0], now, policy);
        return outcome;
    }

    private CleanResult Clean(RawEvent? untrusted)
    {
        if (!policy.TrackEvents) return CleanResult.Dropped(Outcome.OptedOut);
        return untrusted is null ? CleanResult.Dropped(Outcome.WrongEndpoint) : policy.Clean(untrusted, Tier.Community);
    }
}
