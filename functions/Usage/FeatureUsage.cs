using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>Which features are used, by their labels, with their sums and histograms.</summary>
internal sealed class FeatureUsage(UsageQuery query, APIGatewayProxyRequest request) : IUsage
{
    private readonly string by = request.QueryOneOf("by", "labels", "feature", "day");
    private readonly Dictionary<(string? Feature, string? Labels, int? Day), Sum> sums = [];

    public Metric Metric => FeatureMetric.Metric;

    public void Add(string group, string attribute, ReadOnlySpan<DayCount> counts)
    {
        var (feature, labels, name) = FeatureMetric.Parse(group, attribute);
        foreach (var (day, number) in counts)
        {
            var current = query.IsCurrent(day);
            if (!current && !query.IsPrevious(day)) continue;
            (string?, string?, int?) key = by switch
            {
                "feature" => (feature, null, null),
                "day" => (null, null, current ? day : query.Beside(day)),
                _ => (feature, labels, null),
            };
            if (!sums.TryGetValue(key, out var sum)) sums.Add(key, sum = new Sum());
            if (current)
            {
                sum.Numbers[name] = sum.Numbers.GetValueOrDefault(name) + number;
                if (name == FeatureMetric.Uses && by != "day") query.AddTrend(ref sum.Trend, day, number);
            }
            else if (name == FeatureMetric.Uses) sum.UsesBefore += number;
        }
    }

    public APIGatewayProxyResponse Json() => Response.Json(Result(), UsageJson.Default.UsageResponseFeatureRow);

    public APIGatewayProxyResponse Csv()
    {
        var rows = Result().Rows;
        var names = rows.SelectMany(r => r.Sums?.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var csv = new CsvTable(Metric.Name, query).Column(by == "day" ? "day" : "feature");
        if (by == "labels") csv.Column("labels");
        csv.Column("uses");
        // Names may come from a client: with this beginning, no title is a formula.
        foreach (var name in names) csv.Column("sum of " + name);
        if (query.Compare) csv.Column("previous_uses");
        foreach (var row in rows)
        {
            csv.Cell(row.Day ?? row.Feature ?? "");
            if (by == "labels") csv.Cell(string.Join(
                ' ', (row.Labels ?? new Dictionary<string, string>()).Select(l => $"{l.Key}={l.Value}")));
            csv.Cell(row.Uses);
            foreach (var name in names) csv.Cell(row.Sums is { } of && of.TryGetValue(name, out var sum) ? sum : null);
            if (row.Previous is { } previous) csv.Cell(previous.Uses);
            csv.EndRow();
        }

        return csv.Answer();
    }

    private UsageResponse<FeatureRow> Result() =>
        UsageResponse<FeatureRow>.Of(query, by, Ordered(), _ => true, Total, UsageJson.Default.FeatureRow);

    private IEnumerable<FeatureRow> Ordered() => by == "day"
        ? Enumerable.Range(query.From.DayNumber, query.Days).Select(
            day => Row((null, null, day), sums.GetValueOrDefault((null, null, day)) ?? new Sum()))
        : sums.Select(s => Row(s.Key, s.Value)).OrderByDescending(r => r.Uses).ThenByDescending(r => r.Previous?.Uses)
            .ThenBy(r => r.Feature, StringComparer.Ordinal);

    private FeatureRow Row((string? Feature, string? Labels, int? Day) key, Sum sum) => new(
        key.Day is { } day ? UsageQuery.Name(DateOnly.FromDayNumber(day)) : null,
        key.Feature,
        key.Labels is null ? null : Labels(key.Labels),
        sum.Numbers.GetValueOrDefault(FeatureMetric.Uses),
        // Only sums of one feature are added up: the durations and scripts of different features have nothing in common.
        key.Feature is null ? null : Sums(sum.Numbers),
        key.Feature is null ? null : Histograms(sum.Numbers),
        sum.Trend,
        query.Compare ? new FeatureNumbers(sum.UsesBefore) : null);

    private FeatureRow Total(IEnumerable<FeatureRow> rows)
    {
        var all = rows.ToList();
        var total = new Sum { UsesBefore = all.Sum(r => r.Previous?.Uses ?? 0) };
        total.Numbers[FeatureMetric.Uses] = all.Sum(r => r.Uses);
        return Row(default, total);
    }

    private static Dictionary<string, string> Labels(string labels) => labels.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(label => label.Split('=', 2)).ToDictionary(label => label[0], label => label[^1]);

    private static Dictionary<string, long> Sums(Dictionary<string, long> numbers) =>
        numbers.Where(n => n.Key.StartsWith(FeatureMetric.SumPrefix, StringComparison.Ordinal))
            .ToDictionary(n => n.Key[FeatureMetric.SumPrefix.Length..], n => n.Value);

    private static Dictionary<string, IReadOnlyDictionary<string, long>> Histograms(Dictionary<string, long> numbers) =>
        numbers.Where(n => n.Key.StartsWith(FeatureMetric.HistogramPrefix, StringComparison.Ordinal))
            .Select(n => (Parts: n.Key.Split('#'), n.Value))
            .GroupBy(n => n.Parts[1])
            .ToDictionary(
                sum => sum.Key,
                sum => (IReadOnlyDictionary<string, long>)sum.OrderBy(n => long.Parse(n.Parts[2], CultureInfo.InvariantCulture))
                    .ToDictionary(n => n.Parts[2], n => n.Value));

    private sealed class Sum
    {
        public long[]? Trend;

        public Dictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

        public long UsesBefore { get; set; }
    }
}
