using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Deletes what a deletion request covers, one turn at a time. Every step can be interrupted and repeated, and two turns at one request at
/// the same time do no harm.
/// </summary>
/// <remarks>
/// A session is deleted in two rounds. First its deletion mark is written, the session is stopped, and all of it is deleted. But a function
/// that checked earlier whether it may store the session's events (ingest) or count them (the Aggregator) may still write. So, after longer
/// than any function that writes a session's data can act on such a check, all of it is deleted again, together with the session's item.
/// Any function that starts after the mark was written finds it, so nothing brings the session back.
/// </remarks>
internal sealed class DeletionWorker(
    DeletionRequests requests, DeletingSessions sessions, CallsTable calls, CountersTable counters, SessionExclusions marks,
    TimeSpan settle, TimeProvider time)
{
    private const int ParallelSessions = 4;

    /// <summary>The time by which everything that is being written now has certainly been written.</summary>
    public DateTimeOffset SettlesAt(DateTimeOffset now) => now + settle;

    /// <summary>
    /// Takes a turn at a running request: does as much as it can until the deadline and stores when the next turn is due. Never waits.
    /// Returns the request's new state. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<DeletionRequest> TakeTurn(DeletionRequest request, DateTimeOffset deadline)
    {
        if (request is not { FinishedAt: null, Credential: { } credential }) return request;
        bool HasTime() => time.GetUtcNow() < deadline;
        while (HasTime())
        {
            var now = time.GetUtcNow();
            var found = await ToStop(request, credential);
            if (found.Count > 0)
            {
                // Before any of them is stopped: the request must not end while one of them may still be written to.
                request = request with { SettlesAt = SettlesAt(now) };
                if (!await requests.PutOff(request, now)) return await requests.Find(request.Id) ?? request;
                await ForEach(found, HasTime, session => Stop(session, credential, HasTime));
                continue;
            }

            var stopped = await Stopped(request, credential);
            var settled = stopped.FindAll(session => SettlesAt(session.ErasedAt!.Value) <= now);
            if (settled.Count > 0)
            {
                await ForEach(settled, HasTime, session => Remove(session, credential, HasTime));
                continue;
            }

            // If it cannot be finished, another turn has found more sessions to stop since this one read the request.
            if (stopped.Count == 0 && request.SettlesAt <= now)
                return await requests.Finish(request, now) ? request with { FinishedAt = now } : await requests.Find(request.Id) ?? request;
            return await NextTurn(request, stopped.Select(session => SettlesAt(session.ErasedAt!.Value)).Append(request.SettlesAt).Max());
        }

        // Due after all requests that are due already, so that a large request does not delay the small ones.
        return await NextTurn(request, time.GetUtcNow());
    }

    private async Task<DeletionRequest> NextTurn(DeletionRequest request, DateTimeOffset at)
    {
        await requests.TakeTurnAt(request, at, time.GetUtcNow());
        return request with { NextAt = at };
    }

    private async Task Stop(ErasingSession session, string credential, Func<bool> hasTime)
    {
        await marks.MarkErased(session.Id, time.GetUtcNow());
        await sessions.Begin(session.Id, credential, time.GetUtcNow());
        await Delete(session, hasTime);
    }

    private async Task Remove(ErasingSession session, string credential, Func<bool> hasTime)
    {
        if (await Delete(session, hasTime)) await sessions.Remove(session.Id, credential);
    }

    private async Task<bool> Delete(ErasingSession session, Func<bool> hasTime) =>
        await calls.Erase(session.Id, hasTime) && await counters.Erase(StackMetric.Of(session.Id), hasTime);

    private async Task<List<ErasingSession>> ToStop(DeletionRequest request, string credential)
    {
        if (request.SessionId is null) return await sessions.StartedUntil(credential, request.RequestedAt, Limits.SessionsPerDeletionStep);
        return await sessions.Find(request.SessionId, credential) is { ErasedAt: null } session ? [session] : [];
    }

    private async Task<List<ErasingSession>> Stopped(DeletionRequest request, string credential)
    {
        if (request.SessionId is null) return await sessions.Erasing(credential, Limits.SessionsPerDeletionStep);
        return await sessions.Find(request.SessionId, credential) is { ErasedAt: not null } session ? [session] : [];
    }

    private static Task ForEach(List<ErasingSession> sessions, Func<bool> hasTime, Func<ErasingSession, Task> act) =>
        Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = ParallelSessions }, async (session, _) =>
        {
            if (hasTime()) await act(session);
        });
}
