using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// <c>POST /session</c>: registers a session and says whether to track it. Any answer except 2xx silences that client for its lifetime
/// (protocol.md), so an unavailable store and a damaged field are not errors. A session that cannot be registered is treated as a community
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
            if (!sent.HasId) throw Problem.BadRequest.With("The body must be a session event whose session_id is a UUID.");
            // Another event was sent to this route. It is not kept, but the session that sent it must not be silenced.
            tracked = true;
        }

        return Response.Json(new SessionResponse(tracked), IngestJson.Default.SessionResponse);
    }

    private async Task<Outcome> Store(CleanResult cleaned, bool deleted, bool tracked, byte[] body, DateTimeOffset now)
    {
        if (cleaned.Event is CleanEvent.Session session && !deleted)
        {
            // The item of an untracked session contains only its id and that it is untracked. The ledger counts it as opted out.
            var isNew = await sessions.Register(session, tracked, cleaned.Stripped, now, policy);
            return !tracked ? Outcome.OptedOut : isNew ? Outcome.Stored : Outcome.Duplicate;
        }

        // Only its outcome is kept, in the ledger.
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
