using System.Net;
using System.Net.Sockets;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>A wrong parameter is reported with one line before AWS is called.</summary>
public sealed class ParameterTests
{
    private static readonly Dictionary<string, string[]> Mistakes = new()
    {
        ["Target"] = ["azure", ""],
        ["TrackEvents"] = ["yes", "TRUE"],
        ["ExtraFeatures"] = ["Deprecated", "a, b", "a,"],
        ["SessionRetentionDays"] = ["0", "401", "ninety"],
        ["LogRetentionDays"] = ["1", "401"],
        ["ActivationRetentionDays"] = ["30", "401"],
        ["TrackingRetentionDays"] = ["0", "401"],
        ["ErasureRetentionDays"] = ["1", "401"],
        ["ErasureSettleSeconds"] = ["0", "241"],
        ["AggregationWindowSeconds"] = ["-1", "301"],
        ["AnonymousWindowSeconds"] = ["-1", "301"],
        ["FunctionMemory"] = ["255", "3009"],
        ["Architecture"] = ["amd64"],
        ["ThrottlingRate"] = ["0", "10001"],
        ["ThrottlingBurst"] = ["0", "5001"],
        ["PreviewRate"] = ["0", "1001"],
        ["CloudWatchRetentionDays"] = ["2", "forever"],
        ["DeletionProtection"] = ["on"],
        ["TableKeyArn"] = ["alias/aws/dynamodb", "arn:aws:s3:::bucket"],
        ["AlarmEmail"] = ["operator", "a@b", "a@example.com,b@example.com"],
        ["DomainName"] = ["https://usage.example.com", "Usage.example.com", "usage"],
        ["CertificateArn"] = ["usage.example.com"],
        ["AccountLogRole"] = ["none"],
        ["EventsPerRequest"] = ["19", "many"],
        ["EntriesPerRequest"] = ["99", "100001"],
        ["OperationsPerRequest"] = ["99", "20001"],
        ["CallsPerEntry"] = ["999"],
        ["CallsPerRequest"] = ["999"],
        ["AnonymousThrottlingRate"] = ["0", "10001"],
        ["AnonymousThrottlingBurst"] = ["0", "5001"],
        ["RateLimitPerAddress"] = ["-1", "9", "10.5"],
        ["PublicMinimum"] = ["-1", "1000000001"],
        ["AggregatorConcurrency"] = ["-1", "1001"],
        ["OperatorKeyVersion"] = ["a b", "}}"],
        ["FingerprintSecretVersion"] = ["a b", "}}"],
    };

    public static TheoryData<string> Parameters() => [.. Mistakes.Keys];

    [Fact]
    public void Every_parameter_has_a_mistake_to_test() =>
        Assert.Equal(Template.Root["Parameters"]!.AsObject().Select(parameter => parameter.Key).Order(), Mistakes.Keys.Order());

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task A_mistake_ends_the_deployment_before_it_begins(string parameter)
    {
        foreach (var mistake in Mistakes[parameter]) Assert.Contains(parameter, await Refusal([$"{parameter}={mistake}"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DomainName=usage.example.com")]
    [InlineData("CertificateArn=arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012")]
    public async Task A_domain_without_a_certificate_or_a_certificate_without_a_domain_is_a_mistake(string one) =>
        Assert.Contains("DomainName and CertificateArn must be given together", await Refusal([one]), StringComparison.Ordinal);

    [Theory]
    [InlineData("Nonsense=1")]
    [InlineData("TrackEvents")]
    public async Task An_argument_that_is_not_a_parameter_is_a_mistake(string argument) => await Refusal([argument]);

    /// <summary>Runs the deployment, which must fail without a call to AWS, and returns its output.</summary>
    private static async Task<string> Refusal(string[] parameters)
    {
        using var aws = new TcpListener(IPAddress.Loopback, 0);
        aws.Start();
        var (code, text) = await Tool.Run(
            Path.Combine(Repository.Root, "infra", "deploy.sh"),
            ["aws", .. parameters.SelectMany(parameter => new[] { "--parameter", parameter })],
            environment: new Dictionary<string, string>
            {
                ["COLLECTOR_LOCAL"] = Repository.LocalHost,
                ["AWS_ENDPOINT_URL"] = $"http://{aws.LocalEndpoint}",
                ["AWS_ACCESS_KEY_ID"] = "none",
                ["AWS_SECRET_ACCESS_KEY"] = "none",
            });
        Assert.Equal(1, code);
        Assert.Contains("Nothing was deployed", text, StringComparison.Ordinal);
        Assert.False(aws.Pending());
        return text;
    }
}
