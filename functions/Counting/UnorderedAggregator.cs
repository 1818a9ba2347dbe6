using System.Globalization;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Counts the records of a stream that does not name their shard, exactly once (I3) and in any order. Positions cannot be compared there: a
/// record that arrives late looks like one that arrives again. So each record writes a marker item in one transaction with its numbers.
/// This costs twice as much, and records cannot be combined. Only LocalStack's streams are counted this way.
/// </summary>
internal sealed class UnorderedAggregator(
    CountersTable counters, byte[] policyHash, Func<CounterKey, DateTimeOffset?> expiry, Action<CountingTrouble, CounterKey> report,
    TimeProvider time)
{
    // A stream keeps a record for a day, so a record cannot be delivered again after that.
    private static readonly TimeSpan MarkRetention = TimeSpan.FromDays(2);

    /// <summary>
    /// Splits records into parts, each with few enough counter items for one transaction. This must happen before any increment is removed,
    /// so that a record has the same parts each time it is delivered.
    /// </summary>
    public static List<StreamRecord> Parts(IEnumerable<StreamRecord> records) => [.. records.SelectMany(record =>
        record.Increments.GroupBy(increment => increment.Key).Chunk(CountersTable.MaxItemsOfRecord)
            .Select((items, part) => record with { Increments = [.. items.SelectMany(item => item)], Part = part }))];

    /// <summary>Counts a batch; false when some of it may not be counted and all of it must be delivered again.</summary>
    public async Task<bool> Count(StreamShard stream, IEnumerable<StreamRecord> parts)
    {
        foreach (var part in parts)
        {
            try
            {
                await Count(stream, part);
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }

        return true;
    }

    private async Task Count(StreamShard stream, StreamRecord part)
    {
        var items = new Dictionary<CounterKey, Dictionary<string, long>>();
        foreach (var increment in part.Increments)
        {
            if (increment.IsTime)
            {
                // The only number that is set instead of added: setting it again changes nothing, and it never decreases.
                await counters.Raise(increment.Key, increment.Attribute, increment.Amount, expiry(increment.Key), policyHash);
                continue;
            }

            Add(items, increment.Key, increment.Attribute, increment.Amount);
        }

        var mark = new CounterKey(
            "counted#" + stream.CheckpointAttribute, string.Create(CultureInfo.InvariantCulture, $"{part.Position.Padded}#{part.Part}"));
        while (items.Count > 0 && await counters.AddOnce(mark, time.GetUtcNow() + MarkRetention, items, expiry, policyHash) is { } full)
        {
            // Every increment must be counted: those for which the item has no room count as other, in a separate item.
            report(CountingTrouble.ItemFull, full);
            items.Remove(full);
            foreach (var increment in part.Increments.Where(increment => increment.Key == full && !increment.IsTime))
                Add(items, full with { Group = Group.Overflow(full.Group) }, increment.Otherwise ?? increment.Attribute, increment.Amount);
        }
    }

    private static void Add(Dictionary<CounterKey, Dictionary<string, long>> items, CounterKey key, string attribute, long amount)
    {
        if (!items.TryGetValue(key, out var amounts)) items.Add(key, amounts = new(StringComparer.Ordinal));
        amounts[attribute] = amounts.GetValueOrDefault(attribute) + amount;
    }
}
