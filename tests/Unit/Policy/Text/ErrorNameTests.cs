using Collector.Policy.Text;

namespace Collector.Tests.Unit.Policy.Text;

/// <summary>AWS's own error names stay, nobody's own class passes as one.</summary>
public class ErrorNameTests
{
    /// <summary>A name whose parts are abbreviations of one service alone (CustomKeyStoreHasCMKs), or misspelt, may go.</summary>
    private const double Goal = 0.99;

    private static readonly string[] Names = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", "error-names", "names.txt"));

    [Fact]
    public void AWSs_own_names_stay()
    {
        var gone = Names.Where(name => !ErrorName.IsCode(name)).ToList();
        Assert.True(Names.Length > 2_700);
        Assert.True(gone.Count <= Names.Length * (1 - Goal), $"{gone.Count} of {Names.Length}: {string.Join(' ', gone)}");
    }

    [Theory]
    [InlineData("AuthFailure")]
    [InlineData("InvalidAMIID.NotFound")]
    [InlineData("InvalidVpcPeeringConnectionID.NotFound")]
    [InlineData("InvalidS3BucketNameFault")]
    [InlineData("Ipv6CidrBlockNotFoundException")]
    [InlineData("AWS.SimpleQueueService.NonExistentQueue")]
    [InlineData("Client.InvalidParameterValue")]
    [InlineData("404")]
    public void An_error_code_stays(string code) => Assert.True(ErrorName.IsCode(code));

    [Theory]
    [InlineData("JanesOwnException")]
    [InlineData("Auth Failure")]
    [InlineData("authFailure")]
    [InlineData("Bucket7Exception")]
    [InlineData("Ipv7CidrBlockNotFoundException")]
    [InlineData("S3Jane")]
    [InlineData("4040")]
    [InlineData("InvalidParameter.")]
    [InlineData("")]
    public void What_is_none_goes(string code) => Assert.False(ErrorName.IsCode(code));

    /// <summary>What only stands in names of errors is no word of a message.</summary>
    [Theory]
    [InlineData("The Auth of Vpn is Stale", "The ‹…› of ‹…› is ‹…›")]
    [InlineData("It failed with IllegalStatusException", "It failed with IllegalStatusException")]
    public void Words_of_error_names_are_words_there_alone(string message, string redacted) => Assert.Equal(redacted, Shipped.ErrorMessage(message));
}
