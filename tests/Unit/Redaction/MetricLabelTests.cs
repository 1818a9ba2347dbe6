using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class MetricLabelTests
{
    [Theory]
    [InlineData("AWS_PROXY")]
    [InlineData("AWS:lambda")]
    [InlineData("aws:sqs")]
    [InlineData("aws:kafka")]
    [InlineData("SelfManagedKafka")]
    [InlineData("NOT_FOUND")]
    [InlineData("RequestResponse")]
    [InlineData("Event")]
    [InlineData("Zip")]
    [InlineData("Image")]
    [InlineData("JSONata")]
    [InlineData("JSONPath")]
    [InlineData("AWS::S3::Bucket")]
    [InlineData("AWS::ElasticLoadBalancingV2::LoadBalancer")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("on-demand")]
    [InlineData("provisioned-concurrency")]
    [InlineData("n/a")]
    [InlineData("python3.12")]
    [InlineData("nodejs22.x")]
    [InlineData("provided.al2023")]
    [InlineData("java21")]
    [InlineData("dotnet8")]
    [InlineData("success")]
    [InlineData("sqs")]
    [InlineData("PutObject")]
    [InlineData("PlatformMessage:get")]
    [InlineData("other")]
    public void Values_of_LocalStacks_own_counters_are_kept(string value) => Assert.Equal(value, MetricLabel.Value(value));

    [Theory]
    [InlineData("acme-payroll")]
    [InlineData("jane's function")]
    [InlineData("hunter")]
    [InlineData("python3.12-of-jane")]
    [InlineData("aws:acme")]
    [InlineData("AWS::S3::Bucket::acme")]
    [InlineData("Acme::S3::Bucket")]
    [InlineData("Custom::AcmePayroll")]
    [InlineData("arn:aws:s3:::acme")]
    [InlineData("")]
    [InlineData("true\n")]
    public void A_value_that_may_be_a_users_own_name_becomes_other(string value) =>
        Assert.Equal(MetricLabel.Other, MetricLabel.Value(value));
}
