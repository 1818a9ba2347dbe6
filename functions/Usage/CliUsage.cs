using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>Which commands are used, with which parameters.</summary>
internal sealed class CliUsage(UsageQuery query, APIGatewayProxyRequest request) : IUsage
{
    private readonly string by = request.QueryOneOf("by", "invocation", "command", "day");
    private readonly Dictionary<(string? Command, string? Parameters, int? Day), Sum> sums = [];

    public Metric Metric => CliMetric.Metric;

    public void Add(string group, string attribute, ReadOnlySpan<DayCount> counts)
    {
        if (CliMetric.Parse(group, attribute) is not var (command, parameters)) return;
        foreach (var (day, invocations) in counts)
        {
            var current = query.IsCurrent(day);
            if (!current && !query.IsPrevious(day)) continue;
            (string?, string?, int?) key = by switch
            {
                "command" => (command, null, null),
                "day" => (null, null, current ? day : query.Beside(day)),
                _ => (command, parameters, null),
            };
            if (!sums.TryGetValue(key, out var sum)) sums.Add(key, sum = new Sum());
            if (!current)
            {
                sum.Before += invocations;
                continue;
            }

            sum.Now += invocations;
            if (by != "day") query.AddTrend(ref sum.Trend, day, invocations);
        }
    }

    public APIGatewayProxyResponse Json() => Response.Json(Result(), UsageJson.Default.UsageResponseCliRow);

    public APIGatewayProxyResponse Csv()
    {
        var csv = new CsvTable(Metric.Name, query).Column(by == "day" ? "day" : "command");
        if (by == "invocation") csv.Column("parameters");
        csv.Column("invocations");
        if (query.Compare) csv.Column("previous_invocations");
        foreach (var row in Result().Rows)
        {
            csv.Cell(row.Day ?? row.Command ?? "");
            if (row.Parameters is not null) csv.Cell(string.Join(' ', row.Parameters));
            csv.Cell(row.Invocations);
            if (row.Previous is { } previous) csv.Cell(previous.Invocations);
            csv.EndRow();
        }

        return csv.Answer();
    }

    private UsageResponse<CliRow> Result() => UsageResponse<CliRow>.Of(query, by, Ordered(), _ => true, Total, UsageJson.Default.CliRow);

    private IEnumerable<CliRow> Ordered() => by == "day"
        ? Enumerable.Range(query.From.DayNumber, query.Days).Select(
            day => Row((null, null, day), sums.GetValueOrDefault((null, null, day)) ?? new Sum()))
        : sums.OrderByDescending(s => s.Value.Now).ThenByDescending(s => s.Value.Before)
            .ThenBy(s => s.Key.Command, StringComparer.Ordinal).ThenBy(s => s.Key.Parameters, StringComparer.Ordinal)
                .Select(s => Row(s.Key, s.Value));

    private CliRow Row((string? Command, string? Parameters, int? Day) key, Sum sum) => new(
        key.Day is { } day ? UsageQuery.Name(DateOnly.FromDayNumber(day)) : null,
        key.Command,
        key.Parameters?.Split(',', StringSplitOptions.RemoveEmptyEntries),
        sum.Now,
        sum.Trend,
        query.Compare ? new CliNumbers(sum.Before) : null);

    private CliRow Total(IEnumerable<CliRow> rows)
    {
        var all = rows.ToList();
        return Row(default, new Sum { Now = all.Sum(r => r.Invocations), Before = all.Sum(r => r.Previous?.Invocations ?? 0) });
    }

    private sealed class Sum
    {
        public long[]? Trend;

        public long Now { get; set; }

        public long Before { get; set; }
    }
}
