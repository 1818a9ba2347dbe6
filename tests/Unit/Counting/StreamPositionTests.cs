using Collector.Counting;

namespace Collector.Tests.Unit.Counting;

public sealed class StreamPositionTests
{
    private const string Longest = "9999999999999999999999999999999999999999";

    [Theory]
    [InlineData("9", "10")]
    [InlineData("0", "1")]
    [InlineData("400000000012345678901", Longest)]
    public void Positions_are_ordered_by_number_and_not_by_text(string lower, string higher)
    {
        var (low, high) = (StreamPosition.Of(lower), StreamPosition.Of(higher));
        Assert.True(low < high && high > low && low <= high && high >= low);
        Assert.False(low > high || high < low || low >= high || high <= low);
        Assert.Equal((-1, 1), (Math.Sign(low.CompareTo(high)), Math.Sign(high.CompareTo(low))));
    }

    [Fact]
    public void A_position_equals_itself_whatever_zeros_come_before_it()
    {
        var (one, same) = (StreamPosition.Of("17"), StreamPosition.Of("0017"));
        Assert.Equal(one, same);
        Assert.True(one <= same && one >= same);
        Assert.False(one < same || one > same);
    }

    [Fact]
    public void The_start_comes_before_every_record() => Assert.True(StreamPosition.Start < StreamPosition.Of("1"));

    [Fact]
    public void A_sequence_number_has_at_most_40_digits()
    {
        Assert.Equal(Longest, StreamPosition.Of(Longest).Padded);
        Assert.Contains("40 digits", Assert.Throws<ArgumentException>(() => StreamPosition.Of("1" + Longest)).Message, StringComparison.Ordinal);
    }
}
