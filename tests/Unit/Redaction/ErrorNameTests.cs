using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>AWS's own error names stay; of others, those that AWS's words spell.</summary>
public class ErrorNameTests
{
    /// <summary>Every exception of botocore and every code of moto (corpus/error-names/generate.py).</summary>
    private static readonly string[] Names = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", "error-names", "names.txt"));

    private static readonly string[] Listed = Encoding.ASCII.GetString(SortedLines.Embedded("error-names.txt").Bytes).TrimEnd('\n').Split('\n');

    [Fact]
    public void AWSs_own_names_stay()
    {
        Assert.True(Names.Length > 2_700);
        Assert.All(Names, name => Assert.True(ErrorName.IsCode(name), name));
    }

    /// <summary>What is not listed is spelled by the vocabulary, or it would not stay; so the list needs no more than this.</summary>
    [Fact]
    public void Listed_are_names_of_AWS_that_the_vocabulary_does_not_spell() => Assert.Equal(
        Names.Where(name => name.Split('.').Any(part => ErrorName.CamelWords(part) == 0)).Order(StringComparer.Ordinal), Listed);

    [Theory]
    [InlineData("AuthFailure")]
    [InlineData("DependencyViolation")]
    [InlineData("InvalidAMIID.NotFound")]
    [InlineData("InvalidS3BucketNameFault")]
    [InlineData("Ipv6CidrBlockNotFoundException")]
    [InlineData("AWS.SimpleQueueService.NonExistentQueue")]
    [InlineData("Client.InvalidParameterValue")]
    [InlineData("404")]
    public void An_error_code_stays(string code) => Assert.True(ErrorName.IsCode(code));

    [Theory]
    [InlineData("JanesOwnException")]
    [InlineData("BillException")]
    [InlineData("BillWhite")]
    [InlineData("ShippingException")]
    [InlineData("Production")]
    [InlineData("AuthFailures")]
    [InlineData("AuthFailure.Jane")]
    [InlineData("Auth Failure")]
    [InlineData("authFailure")]
    [InlineData("Bucket7Exception")]
    [InlineData("S3Jane")]
    [InlineData("4040")]
    [InlineData("InvalidParameter.")]
    [InlineData("")]
    public void What_is_none_goes(string code)
    {
        Assert.False(ErrorName.IsCode(code));
        Assert.False(ErrorName.Is(code));
    }

    [Theory]
    [InlineData("It failed with IllegalStatusException", "It failed with IllegalStatusException")]
    [InlineData("Call to BillWhite.TeamsMail failed with ShippingException", "Call to ‹…› failed with ‹…›")]
    public void In_a_message_too(string message, string redacted) => Assert.Equal(redacted, Shipped.ErrorMessage(message));
}
