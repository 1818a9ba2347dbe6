using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>Error types that AWS, its clients or Python define are kept; all others become "other".</summary>
public class ErrorTypesTests
{
    /// <summary>Every exception of botocore and of Python, and every code of moto (corpus/error-names/generate.py).</summary>
    private static readonly string[] Names =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", "error-names", "names.txt"));

    [Fact]
    public void Listed_error_types_are_kept()
    {
        Assert.True(Names.Length > 2_900);
        Assert.All(Names, name => Assert.Equal(name, ErrorTypes.Clean(name)));
    }

    [Theory]
    [InlineData("AWS.SimpleQueueService.NonExistentQueue")]
    [InlineData("ResourceNotFoundException")]
    [InlineData("InvalidInstanceID.NotFound")]
    [InlineData("NoSuchBucket")]
    [InlineData("ClientError")]
    [InlineData("NotImplementedError")]
    [InlineData("404")]
    [InlineData("503")]
    public void Known_error_types_are_kept(string type) => Assert.Equal(type, ErrorTypes.Clean(type));

    [Theory]
    [InlineData("CustomerAccountClosedError")]
    [InlineData("PrivateKey.Secret")]
    [InlineData("JanesOwnException")]
    [InlineData("BillException")]
    [InlineData("ResourceNotFoundExceptions")]
    [InlineData("resourceNotFoundException")]
    [InlineData("ResourceNotFoundException ")]
    [InlineData("ResourceNotFoundException.Jane")]
    [InlineData("Production")]
    [InlineData("4040")]
    [InlineData("604")]
    [InlineData("40x")]
    [InlineData("")]
    public void All_other_error_types_become_other(string type) => Assert.Equal("other", ErrorTypes.Clean(type));

    [Fact]
    public void A_listed_name_with_one_letter_changed_is_not_recognised()
    {
        var listed = Names.ToHashSet(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            var middle = name.Length / 2;
            var other = string.Concat(name.AsSpan(0, middle), name[middle] == 'x' ? "y" : "x", name.AsSpan(middle + 1));
            Assert.Equal(listed.Contains(other) ? other : "other", ErrorTypes.Clean(other));
        }
    }
}
