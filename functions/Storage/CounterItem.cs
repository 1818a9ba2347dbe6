using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>A counter item: its group and its numbers by attribute, without checkpoints and expiry.</summary>
internal sealed record CounterItem(string Metric, string Group, IReadOnlyDictionary<string, long> Numbers)
{
    public static CounterItem Of(Dictionary<string, AttributeValue> item) =>
        new(item[CountersTable.Metric].S, item[CountersTable.Group].S, NumbersOf(item));

    /// <summary>An item's numbers by attribute.</summary>
    public static Dictionary<string, long> NumbersOf(Dictionary<string, AttributeValue> item)
    {
        var numbers = new Dictionary<string, long>(item.Count, StringComparer.Ordinal);
        foreach (var (attribute, value) in item)
        {
            if (value.N is not null && attribute != CountersTable.ExpiresAt) numbers.Add(attribute, value.ToLong());
        }

        return numbers;
    }
}
