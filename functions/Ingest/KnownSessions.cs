using Collector.Policy;
using Collector.Storage;

namespace Collector.Ingest;

/// <summary>
/// The status of each session that sends. A registered session's is remembered for a while, so that most of its batches need no read. Only
/// a deletion changes it, and <paramref name="keep"/> is so short that a deletion's second round finds what was still stored meanwhile. An
/// unregistered session is read each time: its registration may arrive a moment later, and may opt it out.
/// </summary>
/// <param name="keep">How long a status is remembered.</param>
/// <param name="most">How many sessions are remembered at the same time.</param>
internal sealed class KnownSessions(SessionsTable sessions, CollectionPolicy policy, TimeSpan keep, int most = Limits.KnownSessions)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (SessionStatus Status, DateTimeOffset ReadAt)> known = [];

    /// <summary>
    /// How long a status may be remembered: half of the time for which a deletion waits before its second round. A function that uses the
    /// status at the last moment runs for at most ten seconds more (template.yaml), and is done before that.
    /// </summary>
    public static TimeSpan KeepFor(TimeSpan deletionSettles) => deletionSettles / 2;

    /// <summary>The status of a session. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<SessionStatus> Status(string sessionId, DateTimeOffset now)
    {
        lock (gate)
        {
            // The first batch of a day has to tell the table that the session is still active.
            if (known.TryGetValue(sessionId, out var last) && now - last.ReadAt < keep
                && now.UtcDateTime.Date == last.ReadAt.UtcDateTime.Date)
                return last.Status;
        }

        var (status, isRegistered) = await sessions.Status(sessionId, now, policy);
        if (isRegistered)
        {
            lock (gate)
            {
                if (known.Count >= most) known.Clear();
                known[sessionId] = (status, now);
            }
        }

        return status;
    }
}
