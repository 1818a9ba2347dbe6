using Collector.Metrics;

namespace Collector.Tests.Unit.Metrics;

/// <summary>Counters are kept forever: items from before they were packed are read beside the new ones.</summary>
public sealed class OldItemsTests
{
    [Theory]
    [InlineData("s3#0", "s3")]
    [InlineData("ec2~3#7", "ec2")]
    [InlineData("ec2~h3#7", "ec2")]
    [InlineData("ec2~h3~full#7", "ec2")]
    [InlineData("ec2~3#", "ec2")]
    public void Calls(string group, string service) => Assert.Equal(service, RequestMetric.ServiceOf(group));

    [Theory]
    [InlineData("localstack start|detached,host#4", "invocations", "localstack start", "detached,host")]
    [InlineData("localstack start|#4", "invocations", "localstack start", "")]
    [InlineData("localstack start|#", "invocations", "localstack start", "")]
    [InlineData("~h4#4", "command#localstack start", "localstack start", "")]
    [InlineData("~h4#", "set#localstack start|detached,host", "localstack start", "detached,host")]
    [InlineData("~h4~full#1", "more#localstack start", "localstack start", "other")]
    [InlineData("~h4~full#1", "command#other", "other", "")]
    public void Commands(string group, string attribute, string command, string parameters) =>
        Assert.Equal((command, parameters), CliMetric.Parse(group, attribute));

    [Theory]
    [InlineData("localstack start|#4", "exit_code#0")]
    [InlineData("localstack start|#4", "duration_class#1024")]
    public void Old_numbers_of_a_command_that_are_no_longer_counted_are_skipped(string group, string attribute) =>
        Assert.Null(CliMetric.Parse(group, attribute));

    [Theory]
    [InlineData("run_init|stage=READY#2", "uses", "run_init", "stage=READY", "uses")]
    [InlineData("run_init|stage=READY#2", "histogram#duration_ms#256", "run_init", "stage=READY", "histogram#duration_ms#256")]
    [InlineData("ls:usage_analytics|#2", "sum#pods:load", "ls:usage_analytics", "", "sum#pods:load")]
    [InlineData("run_init#2", "set#stage=READY#histogram#duration_ms#256", "run_init", "stage=READY", "histogram#duration_ms#256")]
    [InlineData("ls:usage_analytics~full#", "set##sum#pods:load", "ls:usage_analytics", "", "sum#pods:load")]
    public void Features(string group, string attribute, string feature, string labels, string number) =>
        Assert.Equal((feature, labels, number), FeatureMetric.Parse(group, attribute));

    [Theory]
    [InlineData("version=2026.3.1#2", "sessions", "2026.3.1", null)]
    [InlineData("system=Linux#2", "sessions", null, "Linux")]
    [InlineData("all#2", "version#2026.3.1", "2026.3.1", null)]
    [InlineData("all#2", "system#Linux", null, "Linux")]
    [InlineData("all#2", "pro", null, null)]
    [InlineData("machines#", "known", null, null)]
    public void Sessions(string group, string attribute, string? version, string? system) =>
        Assert.Equal((version, system), SessionMetric.Parse(group, attribute));

    // The bucket is part of keys that are kept forever.
    [Theory]
    [InlineData("PutObject", 16, 4)]
    [InlineData("localstack start", 32, 18)]
    [InlineData("", 4, 1)]
    public void A_names_bucket_never_changes(string name, int buckets, int bucket) => Assert.Equal(bucket, Group.Bucket(name, buckets));
}
