using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class AwsRegionsTests
{
    [Theory]
    [InlineData("us-east-1")]
    [InlineData("ap-southeast-7")]
    [InlineData("cn-northwest-1")]
    [InlineData("us-gov-west-1")]
    [InlineData("eusc-de-east-1")]
    [InlineData("us-isof-south-1")]
    [InlineData("aws-global")]
    public void A_region_of_any_partition_is_kept(string region) => Assert.Equal(region, AwsRegions.Clean(region));

    [Theory]
    [InlineData("zz-northeast-42")]
    [InlineData("us-east-11")]
    [InlineData("us-east-")]
    [InlineData("US-EAST-1")]
    [InlineData("us-east-1\n")]
    [InlineData("us-east-1\naf-south-1")]
    [InlineData("jane")]
    [InlineData("")]
    public void Any_other_region_becomes_other(string region) => Assert.Equal("other", AwsRegions.Clean(region));
}
