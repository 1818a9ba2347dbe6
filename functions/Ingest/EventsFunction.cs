using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Observability;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// Takes events: <c>POST /events</c> any that the policy collects, <c>/requests</c>, <c>/cli</c> and <c>/features</c> those of that endpoint alone.
/// Parse, clean, log; only then is the answer 2xx (I2).
/// </summary>
/// <param name="endpoint">The endpoint whose events alone are taken; null for all.</param>
internal sealed class EventsFunction(
    string? endpoint, CollectionPolicy policy, Fingerprints fingerprints, SessionsTable sessions, EventsTable events, TimeProvider time,
    RequestLimits? limits = null)
{
    private readonly RequestLimits limits = limits ?? new RequestLimits();

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var body = RequestBody.ReadJson(request);
        var envelope = Envelope.Parse(body, policy, limits.Events);
        var now = time.GetUtcNow();
        var standings = await Standings(envelope.Events, now);

        var batch = new LogBatch(body, fingerprints);
        var budget = new RequestBudget(limits);
        var dropped = new List<DroppedEvent>();
        for (var i = 0; i < envelope.Events.Count; i++)
        {
            var verdict = Judge(envelope.Events[i], standings);
            if (verdict.Event is { } cleaned && budget.Take(cleaned) is { } reason) verdict = CleanResult.Dropped(reason);
            if (verdict.Event is { } clean)
            {
                batch.Add(clean, verdict.Stripped);
            }
            else
            {
                batch.Drop(verdict.Reason);
                dropped.Add(new DroppedEvent(i, envelope.Events[i]?.Rule?.Name, verdict.Reason.Name()));
            }
        }

        if (envelope.TooMany > 0)
        {
            batch.Drop(DropReason.TooMany, envelope.TooMany);
            dropped.Add(new DroppedEvent(envelope.Events.Count, null, DropReason.TooMany.Name(), envelope.TooMany));
        }

        var appended = await Task.WhenAll(batch.Items.Select(item => events.Append(item, now, policy)));
        var answer = Summarise(envelope.Events.Count + envelope.TooMany, batch.Items, appended, dropped);
        Report(answer);
        return Response.Json(answer, IngestJson.Default.IngestResponse);
    }

    // Numbers alone: which kinds the events were of would tell when a CLI was used (I4).
    private static void Report(IngestResponse answer)
    {
        if (InvocationReport.Current is not { } report) return;
        report.Count(answer.Received, answer.Stored, answer.Duplicates);
        foreach (var dropped in answer.Dropped) report.Dropped(dropped.Reason, dropped.Events ?? 1);
    }

    private CleanResult Judge(RawEvent? untrusted, Dictionary<string, SessionStatus> standings)
    {
        if (untrusted is null) return CleanResult.Dropped(DropReason.Invalid);
        if (untrusted.Rule is not { } rule) return CleanResult.Dropped(DropReason.UnknownEvent);
        if (!rule.Collected) return CleanResult.Dropped(DropReason.NotCollected);
        if (!IsTakenHere(rule)) return CleanResult.Dropped(DropReason.WrongEndpoint);
        if (!policy.TrackEvents) return CleanResult.Dropped(DropReason.OptedOut);
        var standing = SessionStatus.Community;
        if (untrusted.Session is { } session && !standings.TryGetValue(session, out standing)) return CleanResult.Dropped(DropReason.TooMany);
        return standing == SessionStatus.OptedOut
            ? CleanResult.Dropped(DropReason.OptedOut)
            : policy.Clean(untrusted, standing == SessionStatus.Pro ? EventTier.Pro : EventTier.All);
    }

    private bool IsTakenHere(EventRule rule) => rule.Kind is not (EventKind.Session or EventKind.Activation) && (endpoint is null || rule.Endpoint == endpoint);

    // The sessions of the events that will be judged by them.
    private async Task<Dictionary<string, SessionStatus>> Standings(IReadOnlyList<RawEvent?> untrusted, DateTimeOffset now)
    {
        var ids = new List<string>(1);
        for (var i = 0; i < untrusted.Count && ids.Count < Limits.Sessions && policy.TrackEvents; i++)
        {
            if (untrusted[i] is { Rule: { Collected: true } rule, Session: { } id } && IsTakenHere(rule) && !ids.Contains(id)) ids.Add(id);
        }

        var standings = await Task.WhenAll(ids.Select(id => sessions.Standing(id, now, policy)));
        return ids.Zip(standings).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private static IngestResponse Summarise(long received, IReadOnlyList<LogItem> items, bool[] appended, List<DroppedEvent> dropped)
    {
        var stored = 0L;
        var duplicates = 0L;
        var stripped = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var balance = items[i].OutcomeCounts;
            if (appended[i]) stored += balance.Stored;
            else duplicates += balance.Stored;
            foreach (var (field, times) in balance.Stripped) stripped[field] = stripped.GetValueOrDefault(field) + times;
        }

        return new IngestResponse(received, stored, duplicates, dropped, stripped);
    }
}
