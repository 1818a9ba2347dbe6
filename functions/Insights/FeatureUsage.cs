using System.Globalization;
using Collector.Storage;

namespace Collector.Insights;

/// <summary>Which features are used, by their labels, with their sums and histograms.</summary>
internal static class FeatureUsage
{
    public static UsageAnswer<FeatureRow> Of(UsageQuery query, IEnumerable<CounterItem> items)
    {
        var by = UsageQuery.OneOf(query.By, "by", "labels", "feature");
        var groups = new Dictionary<(string Feature, string? Labels), Dictionary<string, long>>();
        var uses = 0L;
        foreach (var item in items)
        {
            var (feature, labels) = CounterKey.PartsOf(item.Group);
            var key = (feature, by == "feature" ? null : labels);
            if (!groups.TryGetValue(key, out var numbers)) groups.Add(key, numbers = new Dictionary<string, long>(StringComparer.Ordinal));
            foreach (var (attribute, number) in item.Numbers) numbers[attribute] = numbers.GetValueOrDefault(attribute) + number;
            uses += item.Numbers.GetValueOrDefault(CounterAttributes.Uses);
        }

        var rows = groups.Select(g => new FeatureRow(
                g.Key.Feature,
                g.Key.Labels is null ? null : Labels(g.Key.Labels),
                g.Value.GetValueOrDefault(CounterAttributes.Uses),
                Sums(g.Value),
                Histograms(g.Value)))
            .OrderByDescending(r => r.Uses).ThenBy(r => r.Feature, StringComparer.Ordinal);
        return UsageAnswer<FeatureRow>.Of(query, by, rows, new FeatureRow(null, null, uses, new Dictionary<string, long>(), Histograms([])));
    }

    private static Dictionary<string, string> Labels(string labels) => labels.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(label => label.Split('=', 2)).ToDictionary(label => label[0], label => label[1]);

    private static Dictionary<string, long> Sums(Dictionary<string, long> numbers) =>
        numbers.Where(n => n.Key.StartsWith(CounterAttributes.SumPrefix, StringComparison.Ordinal))
            .ToDictionary(n => n.Key[CounterAttributes.SumPrefix.Length..], n => n.Value);

    private static Dictionary<string, IReadOnlyDictionary<string, long>> Histograms(Dictionary<string, long> numbers) =>
        numbers.Where(n => n.Key.StartsWith(CounterAttributes.HistogramPrefix, StringComparison.Ordinal))
            .Select(n => (Parts: n.Key.Split('#'), n.Value))
            .GroupBy(n => n.Parts[1])
            .ToDictionary(
                sum => sum.Key,
                sum => (IReadOnlyDictionary<string, long>)sum.OrderBy(n => long.Parse(n.Parts[2], CultureInfo.InvariantCulture))
                    .ToDictionary(n => n.Parts[2], n => n.Value));
}
