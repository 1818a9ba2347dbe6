using Collector.Storage;

namespace Collector.Insights;

/// <summary>Which commands are used, with which parameters.</summary>
internal static class CliUsage
{
    public static UsageAnswer<CliRow> Of(UsageQuery query, IEnumerable<CounterItem> items)
    {
        var by = UsageQuery.OneOf(query.By, "by", "invocation", "command");
        var sums = new Dictionary<(string Command, string? Parameters), long>();
        foreach (var item in items)
        {
            var (command, parameters) = CounterKey.PartsOf(item.Group);
            var key = (command, by == "command" ? null : parameters);
            sums[key] = sums.GetValueOrDefault(key) + item.Numbers.GetValueOrDefault(CounterAttributes.Invocations);
        }

        var rows = sums.OrderByDescending(s => s.Value).ThenBy(s => s.Key.Command, StringComparer.Ordinal)
            .Select(s => new CliRow(s.Key.Command, s.Key.Parameters?.Split(',', StringSplitOptions.RemoveEmptyEntries), s.Value));
        return UsageAnswer<CliRow>.Of(query, by, rows, new CliRow(null, null, sums.Values.Sum()));
    }
}
