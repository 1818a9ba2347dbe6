using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>Sessions per day, and by version and system.</summary>
internal sealed class SessionUsage(UsageQuery query, APIGatewayProxyRequest request) : IUsage
{
    /// <summary>The version or system shown for sessions without one.</summary>
    public const string Unknown = "unknown";

    private readonly string by = request.QueryOneOf("by", "day", "version", "system");
    private readonly Dictionary<int, Day> days = [];

    public Metric Metric => SessionMetric.Metric;

    public void Add(string group, string attribute, ReadOnlySpan<DayCount> counts)
    {
        var (version, system) = SessionMetric.Parse(group, attribute);
        foreach (var (day, number) in counts)
        {
            if (!query.IsCurrent(day) && !query.IsPrevious(day)) continue;
            if (!days.TryGetValue(day, out var sums)) days.Add(day, sums = new Day());
            if (version is not null) Increase(sums.Versions, version, number);
            else if (system is not null) Increase(sums.Systems, system, number);
            else Increase(sums.Numbers, attribute, number);
        }
    }

    public APIGatewayProxyResponse Json() => Response.Json(Result(), UsageJson.Default.UsageResponseSessionRow);

    public APIGatewayProxyResponse Csv()
    {
        var csv = new CsvTable(Metric.Name, query).Column(by).Column("sessions");
        if (by == "day") csv.Column("active").Column("machines").Column("ci").Column("docker").Column("pro");
        if (query.Compare) csv.Column("previous_sessions");
        foreach (var row in Result().Rows)
        {
            csv.Cell(row.Day ?? row.Version ?? row.System ?? "").Cell(row.Sessions);
            if (by == "day") csv.Cell(row.Active).Cell(row.Machines).Cell(row.Ci).Cell(row.Docker).Cell(row.Pro);
            if (row.Previous is { } previous) csv.Cell(previous.Sessions);
            csv.EndRow();
        }

        return csv.Answer();
    }

    private UsageResponse<SessionRow> Result()
    {
        foreach (var day in days.Values)
        {
            AddUnknown(day.Versions, day.Numbers.GetValueOrDefault(SessionMetric.Sessions));
            AddUnknown(day.Systems, day.Numbers.GetValueOrDefault(SessionMetric.Sessions));
        }

        return UsageResponse<SessionRow>.Of(
            query, by, by == "day" ? Days() : Parts(), _ => true, by == "day" ? Total : TotalOfParts, UsageJson.Default.SessionRow);
    }

    private IEnumerable<SessionRow> Days() => Enumerable.Range(query.From.DayNumber, query.Days).Select(number =>
    {
        var day = days.GetValueOrDefault(number) ?? new Day();
        return new SessionRow(
            UsageQuery.Name(DateOnly.FromDayNumber(number)),
            null,
            null,
            day.Numbers.GetValueOrDefault(SessionMetric.Sessions),
            day.Numbers.GetValueOrDefault(SessionMetric.Active),
            day.Numbers.ContainsKey(SessionMetric.MachinesKnown) || !day.Numbers.ContainsKey(SessionMetric.Sessions)
                ? day.Numbers.GetValueOrDefault(SessionMetric.MachineCount) : null,
            day.Numbers.GetValueOrDefault(SessionMetric.Ci),
            day.Numbers.GetValueOrDefault(SessionMetric.Docker),
            day.Numbers.GetValueOrDefault(SessionMetric.Pro),
            day.Versions,
            day.Systems,
            Previous(days.GetValueOrDefault(number - query.Days)?.Numbers.GetValueOrDefault(SessionMetric.Sessions) ?? 0));
    });

    private IEnumerable<SessionRow> Parts()
    {
        var sums = new Dictionary<string, (long Now, long Before)>(StringComparer.Ordinal);
        foreach (var (number, day) in days)
        {
            foreach (var (part, sessions) in by == "version" ? day.Versions : day.Systems)
            {
                var sum = sums.GetValueOrDefault(part);
                sums[part] = query.IsCurrent(number) ? (sum.Now + sessions, sum.Before) : (sum.Now, sum.Before + sessions);
            }
        }

        return sums.OrderByDescending(s => s.Value.Now).ThenByDescending(s => s.Value.Before).ThenBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => OfPart(s.Key, s.Value.Now, s.Value.Before));
    }

    private SessionRow OfPart(string? part, long sessions, long before) => new(
        null, by == "version" ? part : null, by == "system" ? part : null, sessions, null, null, null, null, null, null, null,
        Previous(before));

    private SessionRow TotalOfParts(IEnumerable<SessionRow> rows)
    {
        var all = rows.ToList();
        return OfPart(null, all.Sum(r => r.Sessions), all.Sum(r => r.Previous?.Sessions ?? 0));
    }

    private SessionRow Total(IEnumerable<SessionRow> rows)
    {
        var all = rows.ToList();
        return new SessionRow(
            null,
            null,
            null,
            all.Sum(r => r.Sessions),
            all.Sum(r => r.Active ?? 0),
            all.Sum(r => r.Machines ?? 0),
            all.Sum(r => r.Ci),
            all.Sum(r => r.Docker),
            all.Sum(r => r.Pro),
            Merge(all.Select(r => r.Versions)),
            Merge(all.Select(r => r.Systems)),
            Previous(all.Sum(r => r.Previous?.Sessions ?? 0)));
    }

    private SessionNumbers? Previous(long sessions) => query.Compare ? new SessionNumbers(sessions) : null;

    private static void AddUnknown(Dictionary<string, long> parts, long sessions)
    {
        if (sessions - parts.Values.Sum() is > 0 and var rest) Increase(parts, Unknown, rest);
    }

    private static Dictionary<string, long> Merge(IEnumerable<IReadOnlyDictionary<string, long>?> parts)
    {
        var merged = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (part, sessions) in parts.SelectMany(p => p ?? new Dictionary<string, long>())) Increase(merged, part, sessions);
        return merged.OrderByDescending(m => m.Value).ThenBy(m => m.Key, StringComparer.Ordinal).ToDictionary(m => m.Key, m => m.Value);
    }

    private static void Increase(Dictionary<string, long> numbers, string key, long more) =>
        numbers[key] = numbers.GetValueOrDefault(key) + more;

    private sealed class Day
    {
        public Dictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> Versions { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> Systems { get; } = new(StringComparer.Ordinal);
    }
}
