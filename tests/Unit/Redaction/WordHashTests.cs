using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public sealed class WordHashTests
{
    [Theory]
    [InlineData("DescribeVpcs", 16, 50_386)]
    [InlineData("DescribeVpcs", 30, 825_525_363)]
    [InlineData("PutObjec", 16, 5_815)]
    [InlineData("lambda", 16, 45_568)]
    [InlineData("kms4", 16, 31_522)]
    [InlineData("acm", 16, 37_681)]
    [InlineData("s3", 16, 46_504)]
    [InlineData("a", 16, 1_781)]
    [InlineData("", 16, 0)]
    public void A_word_of_any_length_has_a_hash_of_so_many_bits(string word, int bits, int hash) =>
        Assert.Equal(hash, WordHash.Of(Encoding.ASCII.GetBytes(word), bits));

    [Fact]
    public void It_spreads_the_words_of_a_list()
    {
        const int Bits = 16;
        var words = Encoding.ASCII.GetString(SortedLines.Embedded("user-agent-products.txt").Bytes)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var hashes = words.Select(word => WordHash.Of(Encoding.ASCII.GetBytes(word), Bits)).Distinct().Count();
        Assert.True(hashes > words.Length * 9 / 10, $"{words.Length} words have {hashes} hashes");
    }
}
