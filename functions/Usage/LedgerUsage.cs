using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>
/// The ledger: for each day, the outcome of every event that reached the collector. received = stored + dropped on each day and in total
/// (I6), because one log item has all three numbers and one update counts them.
/// </summary>
/// <remarks>
/// Requests that reached no function are not in it: those that API Gateway refused (throttled, too large, no such route), and those lost on
/// the way. Neither are those answered 4xx because the body was not a batch of events, or 503 because the store was unavailable.
/// <c>unreadable</c> counts log items and not events, because an unreadable item does not show how many events it has.
/// </remarks>
internal sealed class LedgerUsage(UsageQuery query, APIGatewayProxyRequest request) : IUsage
{
    private readonly string by = request.QueryOneOf("by", "day");
    private readonly SortedDictionary<int, Dictionary<string, long>> days = [];

    public Metric Metric => LedgerMetric.Metric;

    public void Add(string group, string attribute, ReadOnlySpan<DayCount> counts)
    {
        foreach (var (day, number) in counts)
        {
            if (!query.IsCurrent(day)) continue;
            if (!days.TryGetValue(day, out var numbers)) days.Add(day, numbers = new(StringComparer.Ordinal));
            numbers[attribute] = numbers.GetValueOrDefault(attribute) + number;
        }
    }

    public APIGatewayProxyResponse Json() => Response.Json(Result(), UsageJson.Default.UsageResponseLedgerRow);

    public APIGatewayProxyResponse Csv()
    {
        var rows = Result().Rows;
        var reasons = Names(rows, row => row.Dropped);
        var fields = Names(rows, row => row.Stripped);
        var csv = new CsvTable(Metric.Name, query).Column("day").Column("received").Column("stored");
        foreach (var reason in reasons) csv.Column("dropped." + reason);
        foreach (var field in fields) csv.Column("stripped." + field);
        foreach (var row in rows)
        {
            csv.Cell(row.Day!);
            csv.Cell(row.Received);
            csv.Cell(row.Stored);
            foreach (var reason in reasons) csv.Cell(row.Dropped.GetValueOrDefault(reason));
            foreach (var field in fields) csv.Cell(row.Stripped.GetValueOrDefault(field));
            csv.EndRow();
        }

        return csv.Answer();
    }

    private UsageResponse<LedgerRow> Result() => UsageResponse<LedgerRow>.Of(
        query,
        by,
        Enumerable.Range(query.From.DayNumber, query.Days).Select(
            day => Row(UsageQuery.Name(DateOnly.FromDayNumber(day)), days.GetValueOrDefault(day) ?? [])),
        _ => true,
        Total,
        UsageJson.Default.LedgerRow);

    private static List<string> Names(IReadOnlyList<LedgerRow> rows, Func<LedgerRow, IReadOnlyDictionary<string, long>> part) =>
        [.. rows.SelectMany(row => part(row).Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static LedgerRow Row(string day, Dictionary<string, long> numbers) => new(
        day,
        numbers.GetValueOrDefault(LedgerMetric.Received),
        numbers.GetValueOrDefault(LedgerMetric.Stored),
        Part(numbers, LedgerMetric.DroppedPrefix),
        Part(numbers, LedgerMetric.StrippedPrefix),
        numbers.TryGetValue(LedgerMetric.Unreadable, out var unreadable) ? unreadable : null);

    private static LedgerRow Total(IEnumerable<LedgerRow> rows)
    {
        var all = rows.ToList();
        return new(
            null,
            all.Sum(row => row.Received),
            all.Sum(row => row.Stored),
            Sum(all, row => row.Dropped),
            Sum(all, row => row.Stripped),
            all.Exists(row => row.Unreadable is not null) ? all.Sum(row => row.Unreadable ?? 0) : null);
    }

    private static SortedDictionary<string, long> Sum(List<LedgerRow> rows, Func<LedgerRow, IReadOnlyDictionary<string, long>> part) => new(
        rows.SelectMany(part).GroupBy(n => n.Key, StringComparer.Ordinal).ToDictionary(n => n.Key, n => n.Sum(one => one.Value)),
        StringComparer.Ordinal);

    private static SortedDictionary<string, long> Part(Dictionary<string, long> numbers, string prefix) => new(
        numbers.Where(n => n.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n.Key[prefix.Length..], n => n.Value),
        StringComparer.Ordinal);
}
