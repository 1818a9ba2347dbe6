using System.Globalization;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>
/// Uses of features by their labels, with their sums and histograms. A feature has one item per day and counter shard, with attributes such
/// as <c>set#stage=READY#uses</c>, <c>set#stage=READY#sum#scripts</c> and <c>set#stage=READY#histogram#duration_ms#1024</c>. Made-up labels
/// of one feature do not affect other features.
/// </summary>
internal static class FeatureMetric
{
    public static readonly Metric Metric = new("features", ShownByDay: true, GrowsByNames: true);

    public const string Uses = "uses";
    public const string SumPrefix = "sum#";
    public const string HistogramPrefix = "histogram#";

    private const string SetTag = "set#";

    /// <summary>Shown instead of a set of labels for which there was no room: a label with this name and value.</summary>
    public const string Other = "other=other";

    public static void Add(LoggedFeature use, string day, int shard, List<Increment> increments)
    {
        var key = new CounterKey(Metric.OfDay(day), Group.Of(use.Feature, shard));
        var labels = string.Join(',', use.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
        var leader = Attribute(labels, Uses);
        Add(Uses, 1);
        foreach (var sum in use.Sums ?? [])
        {
            Add(SumPrefix + sum.Name, sum.Amount);
            if (sum.Histogram == true) Add(Histogram(sum.Name, CleanFields.PowerOfTwo(sum.Amount)), 1);
        }

        void Add(string number, long amount)
        {
            var other = Attribute(Other, number);
            increments.Add(new(
                key, Attribute(labels, number), amount, new Room(leader, int.MaxValue, Limits.LabelSetBytes, other), other));
        }
    }

    public static string Attribute(string labels, string number) => $"{SetTag}{labels}#{number}";

    public static string Histogram(string sum, long powerOfTwo) =>
        string.Create(CultureInfo.InvariantCulture, $"{HistogramPrefix}{sum}#{powerOfTwo}");

    /// <summary>
    /// The feature, its labels joined by commas, and the number that an attribute holds (<see cref="Uses"/>, <c>sum#scripts</c>). It also
    /// reads items from the time when each feature and set of labels had its own item.
    /// </summary>
    public static (string Feature, string Labels, string Number) Parse(string group, string attribute)
    {
        var old = Group.Unsharded(group);
        if (old.IndexOf('|', StringComparison.Ordinal) is >= 0 and var bar) return (old[..bar], old[(bar + 1)..], attribute);
        var parts = attribute.Split('#', 3);
        return (Group.PartOf(group), parts[1], parts[2]);
    }
}
