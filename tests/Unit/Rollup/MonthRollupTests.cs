using System.Globalization;
using Collector.Storage;

namespace Collector.Tests.Unit.Rollup;

public sealed class MonthRollupTests
{
    private static readonly DateOnly Month = new(2026, 10, 1);

    [Fact]
    public void Unpacking_merges_all_shards_of_a_group()
    {
        var fold = new MonthRollup(Month);
        fold.Add("s3#0", "PutObject#200", new DayCount(Month.DayNumber, 5));
        fold.Add("s3#7", "PutObject#200", new DayCount(Month.DayNumber, 6));
        fold.Add("s3#0", "PutObject#200", new DayCount(Month.DayNumber + 30, long.MaxValue));
        fold.Add("s3~1#0", "GetObject#404", new DayCount(Month.DayNumber + 15, 1));
        fold.Add("0", "received", new DayCount(Month.DayNumber + 2, 9));

        Assert.Equal(
            [
                $" received {Month.DayNumber + 2}=9",
                $"s3# PutObject#200 {Month.DayNumber}=11,{Month.DayNumber + 30}={long.MaxValue}",
                $"s3~1# GetObject#404 {Month.DayNumber + 15}=1",
            ],
            Unpack(fold));
    }

    [Fact]
    public void The_same_numbers_give_the_same_bytes_in_any_order()
    {
        var numbers = Enumerable.Range(0, 5_000).Select(i => (Group: $"service-{i % 40}#{i % 8}", Attribute: $"Operation{i % 97}#200",
        Count: new DayCount(Month.DayNumber + (i % 31), i))).ToList();
        var one = new MonthRollup(Month);
        var other = new MonthRollup(Month);
        foreach (var (group, attribute, count) in numbers) one.Add(group, attribute, count);
        foreach (var (group, attribute, count) in numbers.AsEnumerable().Reverse()) other.Add(group, attribute, count);

        Assert.Equal(one.Pack().SelectMany(part => part), other.Pack().SelectMany(part => part));
    }

    [Fact]
    public void A_month_of_the_whole_catalog_is_split_into_parts_that_fit_into_items()
    {
        var random = new Random(1);
        var fold = new MonthRollup(Month);
        var expected = 0L;
        for (var i = 0; i < 18_378; i++)
        {
            for (var day = 0; day < 31; day++)
            {
                var number = random.NextInt64(1, 1_000_000_000_000);
                expected += number;
                fold.Add($"service-{i % 424}#0", string.Create(CultureInfo.InvariantCulture, $"Operation{i}#200"),
                    new DayCount(Month.DayNumber + day, number));
            }
        }

        var parts = fold.Pack();

        Assert.InRange(parts.Count, 2, 20);
        // An item may have 400 KB, including the key and the number of parts.
        Assert.All(parts, part => Assert.InRange(part.Length, 1, 399 * 1024));
        var sum = 0L;
        foreach (var part in parts)
        {
            MonthRollup.Unpack(new MemoryStream(part), Month, (_, _, counts) =>
            {
                foreach (var count in counts) sum += count.Number;
            });
        }

        Assert.Equal(expected, sum);
    }

    [Fact]
    public void An_empty_month_is_still_one_part()
    {
        Assert.Single(new MonthRollup(Month).Pack());
        Assert.Empty(Unpack(new MonthRollup(Month)));
    }

    private static List<string> Unpack(MonthRollup fold)
    {
        var entries = new List<string>();
        foreach (var part in fold.Pack())
        {
            MonthRollup.Unpack(new MemoryStream(part), Month, (group, attribute, counts) =>
                entries.Add($"{group} {attribute} {string.Join(',', counts.ToArray().Select(c => $"{c.Day}={c.Number}"))}"));
        }

        return entries;
    }
}
