using Collector.Counting;

namespace Collector.Tests.Unit.Counting;

public sealed class DeliveryOrderTests
{
    [Theory]
    // As AWS delivers: nothing to do.
    [InlineData("1 2 10", null, "1 2 10", 0)]
    [InlineData("5 6", "4", "5 6", 0)]
    // A batch whose answer was lost comes again: its last position is the one before it.
    [InlineData("6", "6", "6", 0)]
    [InlineData("2 1 3", null, "1 2 3", 1)]
    [InlineData("3 2 1", null, "1 2 3", 2)]
    [InlineData("4 5", "5", "4 5", 1)]
    [InlineData("7 8", "9", "7 8", 2)]
    // Each record counts once.
    [InlineData("1 1 2", null, "1 2", 0)]
    [InlineData("2 1 2 1", null, "1 2", 2)]
    [InlineData("", null, "", 0)]
    public void Records_are_sorted_each_once_and_those_after_a_later_one_are_counted(
        string delivered, string? before, string expected, int backwards)
    {
        var records = delivered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => new StreamRecord(number, [])).ToList();
        Assert.Equal(backwards, DeliveryOrder.Arrange(records, before is null ? null : StreamPosition.Of(before)));
        Assert.Equal(expected, string.Join(' ', records.Select(record => record.SequenceNumber)));
    }
}
