using Collector.Storage;

namespace Collector.Insights;

/// <summary>Which services, operations and status codes are used most, and which cause the most trouble.</summary>
internal static class RequestUsage
{
    public static UsageAnswer<RequestRow> Of(UsageQuery query, IEnumerable<CounterItem> items)
    {
        var by = UsageQuery.OneOf(query.By, "by", "all", "service", "operation", "status");
        var order = UsageQuery.OneOf(query.Order, "order", "calls", "errors", "error_rate");
        var groups = new Dictionary<(string? Service, string? Operation, int? Status), (long Calls, long Errors)>();
        var total = (Calls: 0L, Errors: 0L);
        foreach (var item in items)
        {
            var service = CounterKey.ServiceOf(item.Group);
            foreach (var (attribute, calls) in item.Numbers)
            {
                var (operation, status) = CounterAttributes.ParseRequest(attribute);
                var errors = status >= 400 ? calls : 0;
                (string?, string?, int?) group = by switch
                {
                    "service" => (service, null, null),
                    "status" => (null, null, status),
                    _ => (service, operation, status),
                };
                var sum = groups.GetValueOrDefault(group);
                groups[group] = (sum.Calls + calls, sum.Errors + errors);
                total = (total.Calls + calls, total.Errors + errors);
            }
        }

        var rows = groups.Select(g => new RequestRow(g.Key.Service, g.Key.Operation, g.Key.Status, g.Value.Calls, g.Value.Errors, Rate(g.Value)));
        rows = order switch
        {
            "errors" => rows.OrderByDescending(r => r.Errors).ThenByDescending(r => r.Calls),
            "error_rate" => rows.OrderByDescending(r => r.ErrorRate).ThenByDescending(r => r.Errors),
            _ => rows.OrderByDescending(r => r.Calls),
        };
        return UsageAnswer<RequestRow>.Of(query, by, rows, new RequestRow(null, null, null, total.Calls, total.Errors, Rate(total)));
    }

    private static double Rate((long Calls, long Errors) sum) => sum.Calls == 0 ? 0 : Math.Round((double)sum.Errors / sum.Calls, 4);
}
