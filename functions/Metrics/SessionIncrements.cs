using Collector.Policy;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>What a session adds to the counters: its registration once, and each day on which it starts or sends once.</summary>
internal static class SessionIncrements
{
    /// <summary>The first sign of a session on a day (<c>2026-11-22</c>).</summary>
    public static Increment Active(string day, int shard) => new(CounterKey.Sessions(day, "all", shard), CounterAttributes.Active, 1);

    /// <summary>A registration.</summary>
    public static List<Increment> Of(RegisteredSession session, int shard, Fingerprints fingerprints)
    {
        var day = LogIncrements.Day(session.StartedAt);
        var ledger = CounterKey.Ledger(day, shard);
        if (session.Standing == SessionStatus.OptedOut)
        {
            return
            [
                new(ledger, CounterAttributes.Received, 1),
                new(ledger, CounterAttributes.DroppedPrefix + Outcome.OptedOut.Name(), 1),
            ];
        }

        var all = CounterKey.Sessions(day, "all", shard);
        List<Increment> increments =
        [
            new(ledger, CounterAttributes.Received, 1),
            new(ledger, CounterAttributes.Stored, 1),
            new(all, CounterAttributes.Sessions, 1),
        ];
        foreach (var (field, times) in session.Stripped) increments.Add(new(ledger, CounterAttributes.StrippedPrefix + field, times));
        if (session.IsCi) increments.Add(new(all, "ci", 1));
        if (session.IsDocker) increments.Add(new(all, "docker", 1));
        if (session.Standing == SessionStatus.Pro) increments.Add(new(all, "pro", 1));
        if (session.Version is { } version) increments.Add(new(CounterKey.Sessions(day, "version=" + version, shard), CounterAttributes.Sessions, 1));
        if (session.System is { } system) increments.Add(new(CounterKey.Sessions(day, "system=" + system, shard), CounterAttributes.Sessions, 1));
        if (session.Machine is { } machine)
            increments.Add(new(CounterKey.Machine(day, fingerprints.MachineOfDay(machine, day)), CounterAttributes.Sessions, 1));
        return increments;
    }
}
