using System.Globalization;
using Collector.Redaction;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>
/// A Pro session's calls, for Stack Insights: an item for each hour with <c>call#service#Operation#status</c>, <c>user_agent#…</c>,
/// <c>region#…</c>, <c>minute#7</c> and <c>failed_minute#7</c>, and a total with <c>calls</c>, <c>failed</c>, <c>service#s3</c> and
/// <c>last_seen_at</c>. At any time one stream shard has all of a session's calls, so there is no counter shard.
/// </summary>
internal static class StackMetric
{
    public static readonly Metric Metric = new("stack", Retention: "call", GrowsByNames: true);

    public const string Total = "total";
    public const string Calls = "calls";
    public const string Failed = "failed";

    /// <summary>When the session's last calls arrived, in milliseconds since 1970.</summary>
    public const string LastSeen = "last_seen_at";

    public const string ServicePrefix = "service#";
    public const string CallPrefix = "call#";
    public const string UserAgentPrefix = "user_agent#";
    public const string RegionPrefix = "region#";
    public const string MinutePrefix = "minute#";
    public const string FailedMinutePrefix = "failed_minute#";

    private const string Other = AwsCatalog.Other;

    public static void Add(IReadOnlyList<LoggedCall> calls, string sessionId, DateTimeOffset at, List<Increment> increments)
    {
        var hour = new CounterKey(Of(sessionId), at.UtcDateTime.ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture));
        var total = TotalOf(sessionId);
        var minute = at.Minute.ToString(CultureInfo.InvariantCulture);
        foreach (var call in calls)
        {
            var status = StatusCodes.Name(call.StatusCode);
            increments.Add(Named(hour, Call(call.Service, call.Operation, status), Call(Other, Other, status), Limits.CallsPerSessionHour));
            increments.Add(new(hour, MinutePrefix + minute, 1));
            if (call.UserAgent is { } agent)
                increments.Add(Named(hour, UserAgentPrefix + agent, UserAgentPrefix + Other, Limits.NamesPerSessionHour));
            if (call.Region is { } region) increments.Add(
                Named(hour, RegionPrefix + region, RegionPrefix + Other, Limits.NamesPerSessionHour));
            increments.Add(new(total, Calls, 1));
            increments.Add(new(total, ServicePrefix + call.Service, 1));
            if (call.StatusCode < 400) continue;
            increments.Add(new(hour, FailedMinutePrefix + minute, 1));
            increments.Add(new(total, Failed, 1));
        }

        increments.Add(new(total, LastSeen, at.ToUnixTimeMilliseconds(), IsTime: true));
    }

    /// <summary>The partition of a session's items.</summary>
    public static string Of(string sessionId) => $"{Metric.Name}#{sessionId}";

    public static CounterKey TotalOf(string sessionId) => new(Of(sessionId), Total);

    /// <summary>The totals of those sessions that have one, by session. Throws <see cref="StoreUnavailableException"/>.</summary>
    public static async Task<IReadOnlyDictionary<string, CounterItem>> Totals(CountersTable counters, IEnumerable<string> sessionIds) =>
        (await counters.Get(sessionIds.Select(TotalOf))).Values.ToDictionary(item => item.Metric[(Metric.Name.Length + 1)..]);

    /// <summary>The session to which a counter item belongs; null for an item of another metric.</summary>
    public static string? SessionOf(CounterKey key) =>
        key.Metric.StartsWith(Metric.Name + "#", StringComparison.Ordinal) ? key.Metric[(Metric.Name.Length + 1)..] : null;

    /// <summary>The hour of an item; null for the total.</summary>
    public static DateTimeOffset? HourOf(string group) => DateTimeOffset.TryParseExact(
        Group.PartOf(group), "yyyy-MM-ddTHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var hour) ? hour : null;

    public static string Call(string service, string operation, string status) => $"{CallPrefix}{service}#{operation}#{status}";

    /// <summary>The parts of a name made by <see cref="Call"/>, given without its prefix.</summary>
    public static (string Service, string Operation, string Status) ParseCall(string call)
    {
        var parts = call.Split('#', 3);
        return (parts[0], parts[1], parts[2]);
    }

    private static Increment Named(CounterKey key, string attribute, string otherwise, int names) =>
        new(key, attribute, 1, new Room(attribute, names, int.MaxValue, otherwise), otherwise);
}
