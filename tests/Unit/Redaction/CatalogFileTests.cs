using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>Look-ups search the embedded lists directly, so the lists must have the expected format and order.</summary>
public class CatalogFileTests
{
    [Theory]
    [InlineData("aws-operations.tsv", 18_378)]
    [InlineData("aws-services.txt", 424)]
    [InlineData("aws-regions.txt", 53)]
    [InlineData("metric-label-values.txt", 0)]
    [InlineData("operating-systems.txt", 0)]
    [InlineData("trace-packages.txt", 0)]
    [InlineData("user-agent-products.txt", 0)]
    public void A_list_is_sorted_ascii_lines_without_repeats(string name, int lines)
    {
        var text = Encoding.ASCII.GetString(SortedLines.Embedded(name).Bytes);
        Assert.EndsWith("\n", text);
        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain('?', text);
        var all = text.TrimEnd('\n').Split('\n');
        Assert.DoesNotContain(all, line => line.Length is 0 or > 120);
        for (var i = 1; i < all.Length; i++)
            Assert.True(string.CompareOrdinal(all[i - 1], all[i]) < 0, $"{name}: {all[i - 1]} before {all[i]}");
        if (lines > 0)
            Assert.Equal(lines, all.Length);
    }

    [Fact]
    public void The_list_of_services_has_exactly_those_with_operations()
    {
        var operations = Encoding.ASCII.GetString(SortedLines.Embedded("aws-operations.tsv").Bytes).TrimEnd('\n').Split('\n');
        var services = Encoding.ASCII.GetString(SortedLines.Embedded("aws-services.txt").Bytes).TrimEnd('\n').Split('\n');
        Assert.Equal(operations.Select(line => line[..line.IndexOf('\t')]).Distinct(), services);
    }

    [Fact]
    public void No_product_has_the_name_of_a_system_or_is_the_prefix_of_a_listed_token()
    {
        var products = Encoding.ASCII.GetString(SortedLines.Embedded("user-agent-products.txt").Bytes).TrimEnd('\n').Split('\n');
        Assert.DoesNotContain(products, product => SystemName.Find(product).Length == product.Length);
        Assert.DoesNotContain(products, product => product.Contains('/') && products.Contains(product[..product.IndexOf('/')]));
    }

    [Theory]
    [InlineData("b\nd\nf\n", "b", true)]
    [InlineData("b\nd\nf\n", "d", true)]
    [InlineData("b\nd\nf\n", "f", true)]
    [InlineData("b\nd\nf\n", "a", false)]
    [InlineData("b\nd\nf\n", "c", false)]
    [InlineData("b\nd\nf\n", "g", false)]
    [InlineData("b\nd\nf\n", "", false)]
    [InlineData("b\nd\nf\n", "b\nd", false)]
    [InlineData("b\nd\nf\n", "ä", false)]
    [InlineData("bcd\n", "bc", false)]
    [InlineData("bcd\n", "bcde", false)]
    [InlineData("", "b", false)]
    public void A_word_is_found_when_it_is_a_whole_line(string list, string word, bool found)
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(list));
        Assert.Equal(found, SortedLines.From(stream).Contains(word));
    }

    [Fact]
    public void A_missing_list_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => SortedLines.Embedded("no-such-list.txt"));
        Assert.Contains("no-such-list.txt", error.Message, StringComparison.Ordinal);
    }
}
