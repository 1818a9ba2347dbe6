using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// Remembers the sessions that send events. The state of a registered session is kept for a while, so that most of its batches need no
/// read. Only a deletion changes the status, and <paramref name="keep"/> is short enough that the second round of a deletion finds
/// everything that was stored in the meantime. An unregistered session is read each time, because its registration may arrive a moment
/// later and may opt it out.
/// </summary>
/// <param name="keep">How long a session's state is remembered.</param>
/// <param name="most">How many sessions are remembered at the same time.</param>
internal sealed class KnownSessions(SessionsTable sessions, CollectionPolicy policy, TimeSpan keep, int most = Limits.KnownSessions)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Known> known = [];
    private int services;

    /// <summary>
    /// How long a status may be remembered: half of the time that a deletion waits before its second round. A function that uses the status
    /// at the last moment runs for at most ten more seconds (template.yaml), so it ends before the second round.
    /// </summary>
    public static TimeSpan KeepFor(TimeSpan deletionSettles) => deletionSettles / 2;

    /// <summary>The status of a session. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<SessionStatus> Status(string sessionId, DateTimeOffset now)
    {
        lock (gate)
        {
            // The first batch of a day must tell the table that the session is still active.
            if (known.TryGetValue(sessionId, out var last) && now - last.ReadAt < keep
                && now.UtcDateTime.Date == last.ReadAt.UtcDateTime.Date)
                return last.Status;
        }

        var state = await sessions.State(sessionId, now, policy);
        if (state.IsRegistered) Remember(sessionId, new Known(state.Status, [.. state.Services ?? []], now));
        return state.Status;
    }

    /// <summary>
    /// Records the services that a Pro session's batch has called. Only services that are not yet known for the session are written to the
    /// table, which counts each one once. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task AddServices(string sessionId, IReadOnlySet<string> called, DateTimeOffset now)
    {
        List<string> added;
        lock (gate) added = [.. called.Where(service => !known.TryGetValue(sessionId, out var last) || !last.Services.Contains(service))];
        if (added.Count == 0) return;
        await sessions.AddServices(sessionId, added, now, policy);
        lock (gate)
        {
            if (!known.TryGetValue(sessionId, out var last)) return;
            foreach (var service in added) services += last.Services.Add(service) ? 1 : 0;
        }
    }

    private void Remember(string sessionId, Known state)
    {
        lock (gate)
        {
            if (known.Count >= most || services >= Limits.KnownServices)
            {
                known.Clear();
                services = 0;
            }

            if (known.Remove(sessionId, out var last)) services -= last.Services.Count;
            known.Add(sessionId, state);
            services += state.Services.Count;
        }
    }

    private sealed record Known(SessionStatus Status, HashSet<string> Services, DateTimeOffset ReadAt);
}
