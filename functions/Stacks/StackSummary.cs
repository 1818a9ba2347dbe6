using System.Globalization;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// Adds up a session's counter items: one per hour, and the total. Everything except the time of the last calls comes from the hours. An
/// hour's operations, minutes, agents and regions change in one write, so the numbers shown always add up.
/// </summary>
internal sealed class StackSummary(OwnedSession session)
{
    /// <summary>The user agent or region shown for calls without one.</summary>
    public const string Unknown = "unknown";

    /// <summary>
    /// The most entries of a timeline by minute: a week without a pause. A longer one is shown by hour, to keep the answer small.
    /// </summary>
    public const int MaxMinutes = 7 * 24 * 60;

    /// <summary>
    /// The most user agents to show by name. Only a client that makes them up has more; the rest are shown as <c>other</c>.
    /// </summary>
    public const int MaxUserAgents = 1_000;

    private readonly Dictionary<string, long> calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> regions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<DateTimeOffset, (long Calls, long Failed)> minutes = [];
    private long? lastSeen;

    /// <summary>The row of a list, from the session's total alone, which is null when nothing has been counted yet.</summary>
    public static StackRow Row(OwnedSession session, CounterItem? total)
    {
        var numbers = total?.Numbers ?? new Dictionary<string, long>();
        return Row(
            session,
            numbers.TryGetValue(StackMetric.LastSeen, out var seen) ? seen : null,
            numbers.GetValueOrDefault(StackMetric.Calls),
            numbers.GetValueOrDefault(StackMetric.Failed),
            numbers.Where(n => n.Key.StartsWith(StackMetric.ServicePrefix, StringComparison.Ordinal))
                .Select(n => KeyValuePair.Create(n.Key[StackMetric.ServicePrefix.Length..], n.Value)));
    }

    /// <summary>A session in full: one query of its counter items. Throws <see cref="StoreUnavailableException"/>.</summary>
    public static async Task<StackDetail> Read(OwnedSession session, CountersTable counters)
    {
        var summary = new StackSummary(session);
        await foreach (var item in counters.Read(StackMetric.Of(session.Id))) summary.Add(item);
        return summary.Detail();
    }

    public void Add(CounterItem item)
    {
        if (StackMetric.HourOf(item.Group) is not { } hour)
        {
            lastSeen = item.Numbers.TryGetValue(StackMetric.LastSeen, out var seen) ? seen : null;
            return;
        }

        foreach (var (attribute, number) in item.Numbers)
        {
            if (After(attribute, StackMetric.CallPrefix) is { } call) Increase(calls, call, number);
            else if (After(attribute, StackMetric.MinutePrefix) is { } minute) AddMinute(hour, minute, number, 0);
            else if (After(attribute, StackMetric.FailedMinutePrefix) is { } failed) AddMinute(hour, failed, 0, number);
            else if (After(attribute, StackMetric.UserAgentPrefix) is { } agent) Increase(agents, agent, number);
            else if (After(attribute, StackMetric.RegionPrefix) is { } region) Increase(regions, region, number);
        }
    }

    public StackDetail Detail()
    {
        var operations = calls.Select(call => Operation(call.Key, call.Value))
            .OrderByDescending(o => o.Calls).ThenBy(o => o.Service, StringComparer.Ordinal)
            .ThenBy(o => o.Operation, StringComparer.Ordinal).ThenBy(o => o.StatusCode, StringComparer.Ordinal).ToList();
        var total = operations.Sum(o => o.Calls);
        var failed = operations.Where(o => StatusCodes.IsError(o.StatusCode)).Sum(o => o.Calls);
        var services = operations.GroupBy(o => o.Service, (service, of) => KeyValuePair.Create(service, of.Sum(o => o.Calls)));
        var step = minutes.Count <= MaxMinutes ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1);
        return new StackDetail(Row(session, lastSeen, total, failed, services))
        {
            Operations = operations,
            UserAgents = [.. Named(agents, total).Select(a => new StackUserAgent(a.Key, a.Value))],
            Regions = [.. Named(regions, total).Select(r => new StackRegion(r.Key, r.Value))],
            Timeline = [.. Timeline(step)],
            TimelineStepS = (int)step.TotalSeconds,
        };
    }

    private static StackRow Row(OwnedSession session, long? lastSeen, long calls, long failed,
        IEnumerable<KeyValuePair<string, long>> services)
    {
        // A batch may arrive before its session; even then the session was not last seen before it started.
        var seen = lastSeen is { } ms && DateTimeOffset.FromUnixTimeMilliseconds(ms) is var time && time > session.StartedAt
            ? time : session.StartedAt;
        return new StackRow(
            session.Id,
            StackJson.Time(session.StartedAt),
            StackJson.Time(seen),
            (long)(seen - session.StartedAt).TotalSeconds,
            calls,
            calls - failed,
            failed,
            [.. services.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Key)],
            session.Version,
            session.IsCi,
            session.IsDocker);
    }

    private IEnumerable<StackMinute> Timeline(TimeSpan step) =>
        minutes.GroupBy(m => new DateTimeOffset(m.Key.UtcTicks - (m.Key.UtcTicks % step.Ticks), TimeSpan.Zero))
            .Select(group => new StackMinute(StackJson.Time(group.Key), group.Sum(m => m.Value.Calls), group.Sum(m => m.Value.Failed)));

    // Most calls first. Calls without a name, and those beyond the number shown, come last, so that the sum is the total's.
    private static IEnumerable<KeyValuePair<string, long>> Named(Dictionary<string, long> named, long total)
    {
        var all = named.OrderByDescending(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal).ToList();
        foreach (var one in all.Take(MaxUserAgents)) yield return one;
        if (all.Count > MaxUserAgents) yield return new("other", all.Skip(MaxUserAgents).Sum(n => n.Value));
        if (total - all.Sum(n => n.Value) is > 0 and var without) yield return new(Unknown, without);
    }

    private void AddMinute(DateTimeOffset hour, string minute, long more, long moreFailed)
    {
        var time = hour.AddMinutes(int.Parse(minute, NumberStyles.None, CultureInfo.InvariantCulture));
        var sum = minutes.GetValueOrDefault(time);
        minutes[time] = (sum.Calls + more, sum.Failed + moreFailed);
    }

    private static StackOperation Operation(string call, long calls)
    {
        var (service, operation, status) = StackMetric.ParseCall(call);
        return new StackOperation(service, operation, status, calls);
    }

    private static string? After(string attribute, string prefix) =>
        attribute.StartsWith(prefix, StringComparison.Ordinal) ? attribute[prefix.Length..] : null;

    private static void Increase(Dictionary<string, long> numbers, string key, long more) =>
        numbers[key] = numbers.GetValueOrDefault(key) + more;
}
