using System.Globalization;
using Collector.Storage;

namespace Collector.Insights;

/// <summary>
/// The balance of each day: what became of every event that reached the collector. received = stored + dropped on each day and in total (I6), since
/// one log item carries all three and one update counts them.
/// </summary>
/// <remarks>
/// A request that reached no function is not in it and cannot be: refused by API Gateway (throttled, too large, no such route), lost on the way, or
/// answered 4xx because it was no batch of events, or 503 because the store was away. <c>unreadable</c> counts log items, not events: what
/// cannot be read does not say how many it held.
/// </remarks>
internal static class LedgerUsage
{
    public static UsageAnswer<LedgerRow> Of(UsageQuery query, IEnumerable<CounterItem> items)
    {
        var by = UsageQuery.OneOf(query.By, "by", "day");
        var days = new SortedDictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var day in query.Days) days.Add(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), new(StringComparer.Ordinal));
        foreach (var item in items)
        {
            var numbers = days[item.Metric.Split('#')[1]];
            foreach (var (attribute, number) in item.Numbers)
            {
                numbers[attribute] = numbers.GetValueOrDefault(attribute) + number;
                total[attribute] = total.GetValueOrDefault(attribute) + number;
            }
        }

        return UsageAnswer<LedgerRow>.Of(query, by, days.Select(day => Row(day.Key, day.Value)), Row(null, total));
    }

    private static LedgerRow Row(string? day, Dictionary<string, long> numbers) => new(
        day,
        numbers.GetValueOrDefault(CounterAttributes.Received),
        numbers.GetValueOrDefault(CounterAttributes.Stored),
        Part(numbers, CounterAttributes.DroppedPrefix),
        Part(numbers, CounterAttributes.StrippedPrefix),
        numbers.TryGetValue(CounterAttributes.Unreadable, out var unreadable) ? unreadable : null);

    private static SortedDictionary<string, long> Part(Dictionary<string, long> numbers, string prefix) => new(
        numbers.Where(n => n.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n.Key[prefix.Length..], n => n.Value), StringComparer.Ordinal);
}
