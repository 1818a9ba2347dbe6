using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// Accepts events: <c>POST /events</c> all that the policy collects, <c>/requests</c>, <c>/cli</c> and <c>/features</c> only those of their
/// endpoint. Events are parsed, cleaned and logged before the answer is 2xx (I2).
/// </summary>
/// <param name="endpoint">The endpoint whose events are accepted; null accepts those of all endpoints.</param>
internal sealed class EventsFunction(
    string? endpoint, CollectionPolicy policy, Fingerprints fingerprints, KnownSessions sessions, EventLog log, TimeProvider time,
    RequestLimits? limits = null)
{
    private readonly RequestLimits limits = limits ?? new RequestLimits();

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var body = RequestBody.ReadJson(request);
        var envelope = Envelope.Parse(body, policy, limits.Events);
        var now = time.GetUtcNow();
        var statuses = await Statuses(envelope.Events, now);

        var batch = new LogBatch(body, fingerprints);
        var called = new Dictionary<string, HashSet<string>>(1);
        var budget = new RequestBudget(limits);
        var outcomes = new RequestOutcomes();
        for (var i = 0; i < envelope.Events.Count; i++)
        {
            var cleaned = Clean(envelope.Events[i], statuses);
            if (cleaned.Event is { } candidate && budget.Take(candidate) is { } refusal) cleaned = CleanResult.Dropped(refusal);
            if (cleaned.Event is { } clean)
            {
                batch.Add(clean, cleaned.Stripped);
                if (clean is CleanEvent.Call call) Note(call, called);
            }
            else
            {
                batch.Drop(cleaned.Reason);
                outcomes.Drop(cleaned.Reason, i, envelope.Events[i].Rule?.Name);
            }
        }

        if (envelope.TooMany > 0)
        {
            batch.Drop(Outcome.TooMany, envelope.TooMany);
            outcomes.Drop(Outcome.TooMany, envelope.Events.Count, null, envelope.TooMany);
        }

        // In parallel with the log: a session has called a service even if its events cannot be stored.
        var services = Task.WhenAll(called.Select(session => sessions.AddServices(session.Key, session.Value, now)));
        var appended = await Task.WhenAll(batch.Items.Select(item => log.Append(item, now, policy)));
        await services;
        foreach (var (item, isNew) in batch.Items.Zip(appended))
        {
            outcomes.Add(isNew ? Outcome.Stored : Outcome.Duplicate, item.OutcomeCounts.Stored);
            outcomes.Strip(item.OutcomeCounts.Stripped);
        }

        outcomes.Report();
        return Response.Json(outcomes.Answer(), IngestJson.Default.IngestResponse);
    }

    private static void Note(CleanEvent.Call call, Dictionary<string, HashSet<string>> called)
    {
        if (!called.TryGetValue(call.SessionId, out var services)) called.Add(call.SessionId, services = new(StringComparer.Ordinal));
        services.Add(call.Text("service")!);
    }

    private CleanResult Clean(RawEvent untrusted, Dictionary<string, SessionStatus> statuses)
    {
        if (Admission.Refusal(untrusted, endpoint, policy) is { } reason) return CleanResult.Dropped(reason);
        var status = SessionStatus.Community;
        if (untrusted.Session is { } session && !statuses.TryGetValue(session, out status)) return CleanResult.Dropped(Outcome.TooMany);
        return status.Tier is { } tier ? policy.Clean(untrusted, tier) : CleanResult.Dropped(Outcome.OptedOut);
    }

    // The status of each session that an accepted event names.
    private async Task<Dictionary<string, SessionStatus>> Statuses(IReadOnlyList<RawEvent> untrusted, DateTimeOffset now)
    {
        var ids = new List<string>(1);
        for (var i = 0; i < untrusted.Count && ids.Count < Limits.Sessions && policy.TrackEvents; i++)
        {
            if (untrusted[i] is { Rule: { Collected: true } rule, Session: { } id } && Admission.IsTakenAt(endpoint, rule)
                && !ids.Contains(id)) ids.Add(id);
        }

        var statuses = await Task.WhenAll(ids.Select(id => sessions.Status(id, now)));
        return ids.Zip(statuses).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
