using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class UserAgentTests
{
    [Theory]
    [InlineData("aws-cli/1.25.52 Python/3.10.4 Linux/5.13.0-28-generic awscrt/0.14.0 botocore/1.27.52",
        "aws-cli/1.25.52 Python/3.10.4 Linux awscrt/0.14.0 botocore/1.27.52")]
    [InlineData(
        "Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v669 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/e Botocore/1.43.11",
        "Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython Botocore/1.43.11")]
    [InlineData(
        "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) terraform-provider-aws/5.31.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.24.0 os/linux lang/go#1.20.10 md/GOOS#linux md/GOARCH#amd64 api/dynamodb#1.26.3",
        "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 terraform-provider-aws/5.31.0 aws-sdk-go-v2/1.24.0 os/linux lang/go#1.20.10 md/GOOS#linux md/GOARCH#amd64 api/dynamodb#1.26.3")]
    [InlineData("aws-sdk-go/1.44.0 (go1.19; linux; amd64) S3Manager/1.0", "aws-sdk-go/1.44.0 Linux S3Manager/1.0")]
    [InlineData("aws-sdk-java/2.20.0 Linux/5.10.0 OpenJDK_64-Bit_Server_VM/17.0.1+12 Java/17.0.1 vendor/Amazon.com_Inc.",
        "aws-sdk-java/2.20.0 Linux Java/17.0.1")]
    [InlineData(
        "aws-sdk-js/3.400.0 ua/2.0 os/macos#22.6 lang/js md/nodejs#18.17.0 api/secrets-of-jane#3 exec-env/AWS_Lambda_nodejs20.x app/janes-shop",
        "aws-sdk-js/3.400.0 ua/2.0 os/macos lang/js md/nodejs#18.17.0 exec-env/AWS_Lambda_nodejs20.x")]
    [InlineData("localstack lstk/0.9.1 (linux; amd64)", "lstk/0.9.1 Linux")]
    [InlineData("Boto3/1.34.0+jane.7 terraform/1.6.0-rc1 Pulumi/3.0.0-alpha.12 botocore/1.0-jane",
        "Boto3/1.34.0 terraform/1.6.0-rc1 Pulumi/3.0.0-alpha.12 botocore/1.0")]
    [InlineData("Boto3/jane botocore/1x curl/8.5.0.123456789012 Python/123456", "curl/8.5.0")]
    [InlineData("janes-tool/1.0 123456789012 os/janeos#1 lang/jane#1 md/jane#1 #1 /1 boto3 boto3/", "")]
    [InlineData("exec-env/AWS_Lambda_jane exec-env/jane os/linux#jane", "os/linux")]
    [InlineData("aws-cli/4111.1111.1111 aws-cli/4111.1111.1111.1111 boto3/4111-1111-1111-1111 Boto3/4111 curl/4111.111111111111", "")]
    [InlineData("aws-cli/650.253.0000 boto3/020.7946.0958 curl/555.1234 Python/06.12.34.56.78 botocore/33.6.12.34.56", "")]
    [InlineData("Chrome/120.0.6099.109 Safari/605.1.15 AppleWebKit/537.36 aws-sdk-java/2024.10.1",
        "Chrome/120.0.6099.109 Safari/605.1.15 AppleWebKit/537.36 aws-sdk-java/2024.10.1")]
    [InlineData("curl/10.0.0.12 Chrome/120.0.0.0", "curl/10.0.0 Chrome/120.0.0")]
    [InlineData("", "")]
    public void Known_tools_and_the_operating_system_are_kept(string agent, string clean)
    {
        Assert.Equal(clean, Shipped.UserAgent(agent));
        Assert.Equal(clean, Shipped.UserAgent(clean));
    }

    [Fact]
    public void A_token_that_no_longer_fits_is_removed_completely()
    {
        var fits = string.Join(' ', Enumerable.Repeat("botocore/1.27.5", 16));
        Assert.Equal(Shipped.MaxAgent - 1, fits.Length);
        Assert.Equal(fits, Shipped.UserAgent(fits));
        Assert.Equal(fits, Shipped.UserAgent(fits + " botocore/1.27.5"));
        Assert.Equal("", Shipped.UserAgent(new string('a', 5000)));
    }
}
