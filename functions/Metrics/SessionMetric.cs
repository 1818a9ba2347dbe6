using Collector.Policy;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>
/// Sessions that started on a day, one item per day and counter shard: <c>sessions</c>, <c>active</c>, <c>ci</c>, <c>docker</c>,
/// <c>pro</c>, <c>version#2026.3.1</c>, <c>system#Linux</c>. Each distinct machine has a marker item. Queries count the markers while they
/// are kept; the rollup stores their number, which remains after they expire.
/// </summary>
internal static class SessionMetric
{
    public static readonly Metric Metric = new("sessions", ShownByDay: true, GrowsByNames: true);

    /// <summary>One marker item for each machine of a day, under the machine's fingerprint of that day.</summary>
    public static readonly Metric Machines = new("machines", Retention: "call");

    public const string Sessions = "sessions";

    /// <summary>Sessions that started or sent on the day.</summary>
    public const string Active = "active";

    public const string Ci = "ci";
    public const string Docker = "docker";
    public const string Pro = "pro";

    /// <summary>How many machines there were on a day.</summary>
    public const string MachineCount = "machines";

    /// <summary>1 when the number of machines is known.</summary>
    public const string MachinesKnown = "known";

    private const string VersionTag = "version#";
    private const string SystemTag = "system#";
    private const string All = "all";

    public static void Add(RegisteredSession session, string day, int shard, Fingerprints fingerprints, List<Increment> increments)
    {
        var key = new CounterKey(Metric.OfDay(day), Group.Of(All, shard));
        increments.Add(new(key, Sessions, 1));
        if (session.IsCi) increments.Add(new(key, Ci, 1));
        if (session.IsDocker) increments.Add(new(key, Docker, 1));
        if (session.Status == SessionStatus.Pro) increments.Add(new(key, Pro, 1));
        if (session.Version is { } version)
        {
            var attribute = VersionTag + version;
            increments.Add(new(key, attribute, 1, new Room(attribute, int.MaxValue, Limits.VersionBytes, VersionTag + "other"), VersionTag
                + "other"));
        }

        if (session.System is { } system) increments.Add(new(key, SystemTag + system, 1, Otherwise: SystemTag + "other"));
        if (session.Machine is { } machine)
            increments.Add(new(new CounterKey(Machines.OfDay(day), fingerprints.MachineOfDay(machine, day)), Sessions, 1));
    }

    /// <summary>Adds the first activity of a session on a day (<c>2026-11-22</c>).</summary>
    public static void AddActive(string day, int shard, List<Increment> increments) =>
        increments.Add(new(new CounterKey(Metric.OfDay(day), Group.Of(All, shard)), Active, 1));

    /// <summary>The item that keeps the number of machines of a closed day.</summary>
    public static CounterKey MachinesOf(string day) => new(Metric.OfDay(day), "machines#");

    /// <summary>The numbers of that item.</summary>
    public static Dictionary<string, long> KnownMachines(long machines) => new() { [MachineCount] = machines, [MachinesKnown] = 1 };

    /// <summary>
    /// Whether all markers of a day's machines still exist: the first of them expires no sooner than this long after the start of the day.
    /// </summary>
    public static bool HasAllMachines(DateOnly day, DateOnly today, TimeSpan kept) => today.DayNumber < day.DayNumber + (int)kept.TotalDays;

    /// <summary>
    /// The version or the system that a number counts; both null for a number of the whole day, which its attribute names. It also reads
    /// items from the time when each version and system had its own item.
    /// </summary>
    public static (string? Version, string? System) Parse(string group, string attribute)
    {
        if (attribute.StartsWith(VersionTag, StringComparison.Ordinal)) return (attribute[VersionTag.Length..], null);
        if (attribute.StartsWith(SystemTag, StringComparison.Ordinal)) return (null, attribute[SystemTag.Length..]);
        var old = Group.Unsharded(group);
        return old.StartsWith("version=", StringComparison.Ordinal) ? (old["version=".Length..], null)
            : old.StartsWith("system=", StringComparison.Ordinal) ? (null, old["system=".Length..])
            : (null, null);
    }
}
