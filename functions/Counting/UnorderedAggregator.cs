using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Counts records of a stream that does not say which shard they are of, exactly once (I3) and in any order. A position says nothing there: a record
/// that comes late cannot be told from one that comes again. So each record leaves a mark, in one transaction with its numbers. That costs twice as
/// much and folds nothing; only LocalStack's streams come this way.
/// </summary>
internal sealed class UnorderedAggregator(
    CountersTable counters, byte[] policyHash, Func<CounterKey, DateTimeOffset?> expiry, Action<CounterItemFullException> onFull, TimeProvider time)
{
    // A stream keeps a record for a day, so it cannot come again after that.
    private static readonly TimeSpan MarkRetention = TimeSpan.FromDays(2);

    /// <summary>
    /// Parts of records, each with few enough counter items for one transaction. To be made before any increment is left out, so that a record has
    /// the same parts each time it is delivered.
    /// </summary>
    public static List<StreamRecord> Parts(IEnumerable<StreamRecord> records) => [.. records.SelectMany(record =>
        record.Increments.GroupBy(increment => increment.Key).Chunk(CountersTable.MaxItemsOfRecord)
            .Select((items, part) => record with { Increments = [.. items.SelectMany(item => item)], Part = part }))];

    /// <summary>Counts a batch; false when some of it may not be counted, and all of it has to be delivered again.</summary>
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
        foreach (var (key, attribute, amount) in part.Increments)
        {
            if (attribute == CounterAttributes.LastSeen)
            {
                // The only number that is set: repeating it changes nothing, and it never goes back.
                await counters.Raise(key, attribute, amount, expiry(key), policyHash);
                continue;
            }

            if (!items.TryGetValue(key, out var amounts)) items.Add(key, amounts = new(StringComparer.Ordinal));
            amounts[attribute] = amounts.GetValueOrDefault(attribute) + amount;
        }

        while (items.Count > 0)
        {
            try
            {
                var mark = CounterKey.Counted(stream, part.Position, part.Part);
                await counters.AddOnce(mark, time.GetUtcNow() + MarkRetention, items, expiry, policyHash);
                return;
            }
            catch (CounterItemFullException e)
            {
                onFull(e);
                items.Remove(e.Key);
            }
        }
    }
}
