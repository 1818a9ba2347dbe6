using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>Error types that AWS, its clients or Python define stay; all others are one.</summary>
public class ErrorTypesTests
{
    /// <summary>Every exception of botocore and of Python, and every code of moto (corpus/error-names/generate.py).</summary>
    private static readonly string[] Names =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", "error-names", "names.txt"));

    [Fact]
    public void Listed_types_stay()
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
    public void So_do_these(string type) => Assert.Equal(type, ErrorTypes.Clean(type));

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
    public void All_others_are_one(string type) => Assert.Equal("other", ErrorTypes.Clean(type));

    [Fact]
    public void No_name_with_a_letter_changed_is_taken_for_a_listed_one()
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
