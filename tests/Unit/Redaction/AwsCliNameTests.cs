using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class AwsCliNameTests
{
    [Theory]
    [InlineData("PutObject", "put-object")]
    [InlineData("DescribeVpcEndpointConnectionNotifications", "describe-vpc-endpoint-connection-notifications")]
    [InlineData("ListWebACLs", "list-web-acls")]
    [InlineData("SwapEnvironmentCNAMEs", "swap-environment-cnames")]
    [InlineData("CreateCachediSCSIVolume", "create-cached-iscsi-volume")]
    [InlineData("ListHITsForQualificationType", "list-hits-for-qualification-type")]
    [InlineData("DescribeDBInstances", "describe-db-instances")]
    [InlineData("AssignIpv6Addresses", "assign-ipv6-addresses")]
    [InlineData("AddTags", "add-tags")]
    [InlineData("GetSAMLProvider", "get-saml-provider")]
    public void An_operation_is_spelled_as_the_aws_cli_spells_it(string operation, string command) =>
        Assert.Equal(command, AwsCliName.Of(operation));

    [Fact]
    public void Every_operation_is_found_by_its_command()
    {
        foreach (var line in Encoding.ASCII.GetString(SortedLines.Embedded("aws-operations.tsv").Bytes)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where((_, i) => i % 7 == 0))
        {
            var (service, command) = (line.Split('\t')[0], AwsCliName.Of(line.Split('\t')[1]));
            Assert.Equal(command, AwsCatalog.CommandOf(service, command));
        }
    }
}
