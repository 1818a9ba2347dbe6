using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>
/// Which services, operations and status codes are used most, and which cause the most errors. <c>by=day</c> shows how that changed.
/// <c>order=sessions</c> ranks services by the Pro sessions that called them for the first time, a ranking that no single sender can
/// change. <c>trend=parts</c> shows for each row how the number that orders the rows changed. <c>min_calls</c> keeps rows with few calls,
/// such as two of which one failed, out of a list by <c>error_rate</c>.
/// </summary>
internal sealed class RequestUsage(UsageQuery query, APIGatewayProxyRequest request) : IUsage
{
    // Sessions are counted only by service.
    private readonly string by = request.Query("order") == "sessions"
        ? request.QueryOneOf("by", "service")
        : request.QueryOneOf("by", "all", "service", "operation", "status", "day");

    private readonly string order = request.QueryOneOf("order", "calls", "errors", "error_rate", "sessions");

    private readonly int minCalls = request.Query("min_calls") is null or "0"
        ? 0 : request.QueryNumber("min_calls", int.MaxValue, otherwise: 0);
    private readonly string? onlyService = request.Query("service");
    private readonly Dictionary<(string? Service, string? Operation, string? Status, int? Day), Sum> sums = [];
    private readonly Dictionary<string, Dictionary<string, (string? Status, Sum? Sum)>> cells = new(StringComparer.Ordinal);
    private string? itemGroup;
    private bool itemIsOverflow;
    private Dictionary<string, (string? Status, Sum? Sum)>? itemCells;

    public Metric Metric => RequestMetric.Metric;

    public void Add(string group, string attribute, ReadOnlySpan<DayCount> counts)
    {
        // A year has a million numbers, item by item: a group is parsed once per item, and an attribute once per service.
        if (!ReferenceEquals(group, itemGroup)) (itemGroup, itemCells, itemIsOverflow) =
            (group, CellsOf(RequestMetric.ServiceOf(group)), Group.IsOverflow(group));
        if (itemCells is null) return;
        if (!itemCells.TryGetValue(attribute, out var cell)) itemCells.Add(
            attribute, cell = CellOf(RequestMetric.ServiceOf(group), attribute));
        var (status, sum) = cell;
        if (status is null)
        {
            if (sum is not null) AddSessions(sum, counts);
            return;
        }

        foreach (var (day, calls) in counts)
        {
            var errors = StatusCodes.IsError(status) ? calls : 0;
            if (query.IsCurrent(day))
            {
                var current = sum ?? SumOf((null, null, null, day));
                current.Add(calls, errors, by == "operation" ? status : null);
                if (by == "day" && itemIsOverflow) current.Overflow += calls;
                if (by != "day" && order != "sessions") query.AddTrend(ref current.Trend, day, order == "calls" ? calls : errors);
            }
            else if (query.IsPrevious(day)) (sum ?? SumOf((null, null, null, query.Beside(day)))).AddPrevious(calls, errors);
        }
    }

    private void AddSessions(Sum service, ReadOnlySpan<DayCount> counts)
    {
        foreach (var (day, sessions) in counts)
        {
            if (!query.IsCurrent(day)) continue;
            service.Sessions += sessions;
            if (order == "sessions") query.AddTrend(ref service.Trend, day, sessions);
        }
    }

    public APIGatewayProxyResponse Json() => Response.Json(Result(), UsageJson.Default.UsageResponseRequestRow);

    public APIGatewayProxyResponse Csv()
    {
        var csv = new CsvTable(Metric.Name, query);
        if (by == "day") csv.Column("day");
        if (by is "all" or "service" or "operation") csv.Column("service");
        if (by is "all" or "operation") csv.Column("operation");
        if (by is "all" or "status") csv.Column("status_code");
        csv.Column("calls").Column("errors").Column("error_rate");
        if (by == "service") csv.Column("sessions");
        if (query.Compare) csv.Column("previous_calls").Column("previous_errors").Column("previous_error_rate");
        foreach (var row in Result().Rows)
        {
            if (row.Day is not null) csv.Cell(row.Day);
            if (row.Service is not null) csv.Cell(row.Service);
            if (row.Operation is not null) csv.Cell(row.Operation);
            if (row.StatusCode is { } status) csv.Cell(status);
            csv.Cell(row.Calls).Cell(row.Errors).Rate(row.ErrorRate);
            if (by == "service") csv.Cell(row.Sessions);
            if (row.Previous is { } previous) csv.Cell(previous.Calls).Cell(previous.Errors).Rate(previous.ErrorRate);
            csv.EndRow();
        }

        return csv.Answer();
    }

    private UsageResponse<RequestRow> Result() => UsageResponse<RequestRow>.Of(
        query, by, Ordered(), row => row.Calls >= minCalls, Total, UsageJson.Default.RequestRow);

    private IEnumerable<RequestRow> Ordered()
    {
        if (by == "day") return Enumerable.Range(query.From.DayNumber, query.Days)
            .Select(day => Row((null, null, null, day), SumOf((null, null, null, day))));
        var rows = sums.Where(s => s.Value.Calls > 0 || s.Value.PreviousCalls > 0).Select(s => Row(s.Key, s.Value));
        var ordered = order switch
        {
            "errors" => rows.OrderByDescending(r => r.Errors).ThenByDescending(r => r.Calls),
            "error_rate" => rows.OrderByDescending(r => r.ErrorRate).ThenByDescending(r => r.Errors),
            "sessions" => rows.OrderByDescending(r => r.Sessions).ThenByDescending(r => r.Calls),
            _ => rows.OrderByDescending(r => r.Calls),
        };
        return ordered.ThenByDescending(r => r.Previous?.Calls)
            .ThenBy(r => r.Service, StringComparer.Ordinal).ThenBy(r => r.Operation, StringComparer.Ordinal)
                .ThenBy(r => r.StatusCode, StringComparer.Ordinal);
    }

    /// <summary>A service's sums by attribute; null when the service is not requested.</summary>
    private Dictionary<string, (string? Status, Sum? Sum)>? CellsOf(string service)
    {
        if (onlyService is not null && onlyService != service) return null;
        if (!cells.TryGetValue(service, out var known)) cells.Add(service, known = new(StringComparer.Ordinal));
        return known;
    }

    /// <summary>
    /// The status whose calls an attribute counts (null for sessions), and the sum of the row in which it counts: null when the row depends
    /// on the day, or when no row shows it.
    /// </summary>
    private (string? Status, Sum? Sum) CellOf(string service, string attribute)
    {
        if (RequestMetric.Parse(attribute) is not var (operation, status))
            return (null, by == "service" ? SumOf((service, null, null, null)) : null);
        return (status, by switch
        {
            "service" => SumOf((service, null, null, null)),
            "operation" => SumOf((service, operation, null, null)),
            "status" => SumOf((null, null, status, null)),
            "day" => null,
            _ => SumOf((service, operation, status, null)),
        });
    }

    private Sum SumOf((string? Service, string? Operation, string? Status, int? Day) key)
    {
        if (!sums.TryGetValue(key, out var sum)) sums.Add(key, sum = new Sum());
        return sum;
    }

    private RequestRow Row((string? Service, string? Operation, string? Status, int? Day) key, Sum sum) => new(
        key.Day is { } day ? UsageQuery.Name(DateOnly.FromDayNumber(day)) : null,
        key.Service,
        key.Operation,
        key.Status,
        sum.Calls,
        sum.Errors,
        Rate(sum.Calls, sum.Errors),
        // A session that called two services is in both rows, so the sessions of several rows cannot be added up.
        by == "service" && key.Service is not null ? sum.Sessions : null,
        sum.Statuses,
        sum.Trend,
        sum.Overflow > 0 ? sum.Overflow : null,
        query.Compare ? new RequestNumbers(sum.PreviousCalls, sum.PreviousErrors, Rate(sum.PreviousCalls, sum.PreviousErrors)) : null);

    private RequestRow Total(IEnumerable<RequestRow> rows)
    {
        var total = new Sum();
        foreach (var row in rows)
        {
            total.Add(row.Calls, row.Errors);
            if (row.Previous is { } previous) total.AddPrevious(previous.Calls, previous.Errors);
        }

        return Row(default, total);
    }

    private static double Rate(long calls, long errors) => calls == 0 ? 0 : Math.Round((double)errors / calls, 4);

    private sealed class Sum
    {
        /// <summary>The number that orders the rows, for each part of the period.</summary>
        public long[]? Trend;

        public long Sessions { get; set; }

        /// <summary>Calls that were counted without their operation, because an item was full.</summary>
        public long Overflow { get; set; }

        public long Calls { get; private set; }

        public long Errors { get; private set; }

        public long PreviousCalls { get; private set; }

        public long PreviousErrors { get; private set; }

        public SortedDictionary<string, long>? Statuses { get; private set; }

        public void Add(long calls, long errors, string? status = null)
        {
            Calls += calls;
            Errors += errors;
            if (status is not { } code) return;
            Statuses ??= new(StringComparer.Ordinal);
            Statuses[code] = Statuses.GetValueOrDefault(code) + calls;
        }

        public void AddPrevious(long calls, long errors)
        {
            PreviousCalls += calls;
            PreviousErrors += errors;
        }
    }
}
