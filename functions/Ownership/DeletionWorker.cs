using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Erases what belongs to a request to be forgotten. Every step can be broken off and done again; whoever asks next, the owner or the stream, goes on.
/// </summary>
/// <remarks>
/// A session goes in two rounds. First it is marked and stopped, and all of it is deleted. But who read before that its events may be taken (an ingest
/// function) or counted (the Aggregator) may still write. So, when longer has passed than any function may run, all of it is deleted once more, and
/// with it the session's item. Everything that begins after the marks finds them: nothing brings the session back.
/// </remarks>
internal sealed class DeletionWorker(
    DeletionRequests requests, DeletingSessions sessions, CallsTable calls, CountersTable counters, SessionMarks marks, TimeSpan settle, TimeProvider time)
{
    private const int ParallelSessions = 4;

    /// <summary>When what is still being written at this moment is written for certain.</summary>
    public DateTimeOffset SettlesAt(DateTimeOffset now) => now + settle;

    /// <summary>
    /// Goes on with a request until it is done or the deadline comes; what is returned is its state as last seen, null when there is no such request.
    /// Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    /// <param name="wait">Whether to wait for the second round, when there is time for it.</param>
    public async Task<DeletionRequest?> Continue(string id, DateTimeOffset deadline, bool wait)
    {
        bool HasTime() => time.GetUtcNow() < deadline;
        while (true)
        {
            var request = await requests.Find(id);
            if (request is not { FinishedAt: null, Credential: { } credential }) return request;
            var now = time.GetUtcNow();
            var found = await ToStop(request, credential);
            if (found.Count > 0)
            {
                // Before the first of them is stopped: the request must not end while one of them may still be written to.
                request = request with { SettlesAt = SettlesAt(now) };
                if (!await requests.PutOff(request, now)) continue;
                if (!await ForEach(found, HasTime, session => Stop(session, credential, HasTime))) return request;
            }

            var stopped = await Stopped(request, credential);
            var settled = stopped.FindAll(session => SettlesAt(session.ErasedAt!.Value) <= now);
            if (!await ForEach(settled, HasTime, session => Remove(session, credential, HasTime))) return request;
            if (found.Count == 0 && settled.Count == stopped.Count && request.SettlesAt <= now)
            {
                // When this fails it was asked anew, or another run has found more: then there is more to do.
                await requests.Finish(request, now);
                continue;
            }

            var next = stopped.Select(session => SettlesAt(session.ErasedAt!.Value)).Append(request.SettlesAt).Max();
            if (!wait || next >= deadline) return request;
            if (next - time.GetUtcNow() is var left && left > TimeSpan.Zero) await Task.Delay(left, time);
        }
    }

    private async Task<bool> Stop(ErasingSession session, string credential, Func<bool> hasTime)
    {
        await marks.MarkErased(session.Id, time.GetUtcNow());
        await sessions.Begin(session.Id, credential, time.GetUtcNow());
        return await Delete(session, hasTime);
    }

    private async Task<bool> Remove(ErasingSession session, string credential, Func<bool> hasTime)
    {
        if (!await Delete(session, hasTime)) return false;
        await sessions.Remove(session.Id, credential);
        return true;
    }

    private async Task<bool> Delete(ErasingSession session, Func<bool> hasTime) =>
        await calls.Erase(session.Id, hasTime) && await counters.Erase(StackMetric.Of(session.Id), hasTime);

    private async Task<List<ErasingSession>> ToStop(DeletionRequest request, string credential)
    {
        if (request.SessionId is null) return await sessions.StartedUntil(credential, request.RequestedAt);
        return await sessions.Find(request.SessionId, credential) is { ErasedAt: null } session ? [session] : [];
    }

    private async Task<List<ErasingSession>> Stopped(DeletionRequest request, string credential)
    {
        if (request.SessionId is null) return await sessions.Erasing(credential);
        return await sessions.Find(request.SessionId, credential) is { ErasedAt: not null } session ? [session] : [];
    }

    private static async Task<bool> ForEach(List<ErasingSession> sessions, Func<bool> hasTime, Func<ErasingSession, Task<bool>> act)
    {
        var all = true;
        await Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = ParallelSessions }, async (session, _) =>
        {
            if (!hasTime() || !await act(session)) Volatile.Write(ref all, false);
        });
        return all;
    }
}
