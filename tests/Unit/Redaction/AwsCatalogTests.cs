using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class AwsCatalogTests
{
    private static readonly (string Service, string Operation)[] All =
        Encoding.ASCII.GetString(SortedLines.Embedded("aws-operations.tsv").Bytes).TrimEnd('\n').Split('\n')
        .Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1])).ToArray();

    [Fact]
    public void Every_line_is_found() =>
        Assert.All(All, line => Assert.True(AwsCatalog.Contains(line.Service, line.Operation), $"{line.Service} {line.Operation}"));

    [Fact]
    public void Every_service_and_operation_name_is_known()
    {
        foreach (var service in All.Select(line => line.Service).Distinct())
        {
            Assert.True(AwsCatalog.IsService(service), service);
            Assert.Equal(service, AwsCatalog.Service(service));
        }
    }

    [Theory]
    [InlineData("s3", "PutObject", true)]
    [InlineData("s3", "putobject", false)]
    [InlineData("S3", "PutObject", false)]
    [InlineData("s3", "CreateQueue", false)]
    [InlineData("sqs", "CreateQueue", true)]
    [InlineData("s3", "PutObjec", false)]
    [InlineData("s3", "PutObjectX", false)]
    [InlineData("s3", "", false)]
    [InlineData("", "PutObject", false)]
    [InlineData("", "", false)]
    [InlineData("s3\tPutObject", "", false)]
    [InlineData("s3", "PutObject\ns3\tRenameObject", false)]
    [InlineData("my-bucket", "PutObject", false)]
    [InlineData("s3", "PutÖbject", false)]
    public void A_service_has_only_its_own_operations(string service, string operation, bool has) =>
        Assert.Equal(has, AwsCatalog.Contains(service, operation));

    [Theory]
    [InlineData("s3control", true)]
    [InlineData("accessanalyzer", true)]
    [InlineData("xray", true)]
    [InlineData("s", false)]
    [InlineData("s3contro", false)]
    [InlineData("s3\tPutObject", false)]
    [InlineData("", false)]
    [InlineData("other", false)]
    [InlineData("zzz", false)]
    public void A_service_is_known_by_its_whole_name(string service, bool known)
    {
        Assert.Equal(known, AwsCatalog.IsService(service));
        Assert.Equal(known ? service : null, AwsCatalog.Service(service));
    }

    [Fact]
    public void Names_longer_than_any_in_the_catalog_are_not_found()
    {
        foreach (var length in new[] { 95, 96, 97, 192, 193, 5000 })
        {
            var name = new string('a', length);
            Assert.False(AwsCatalog.Contains(name, "PutObject"));
            Assert.False(AwsCatalog.Contains("s3", name));
            Assert.False(AwsCatalog.IsService(name));
        }
    }

    [Fact]
    public void An_operation_is_found_only_under_its_service_and_is_the_same_string_each_time()
    {
        var first = AwsCatalog.Operation("dynamodb", "PutItem"u8);
        Assert.Equal("PutItem", first);
        Assert.Same(first, AwsCatalog.Operation("dynamodb", "PutItem"));
        Assert.Null(AwsCatalog.Operation("sqs", "PutItem"u8));
        Assert.Null(AwsCatalog.Operation("other", "PutItem"u8));
        Assert.Null(AwsCatalog.Operation("dynamodb", ""u8));
        Assert.Null(AwsCatalog.Operation("dynamodb", "PutIt\\u0065m"u8));
        foreach (var (service, operation) in All) Assert.Equal(
            operation, AwsCatalog.Operation(service, Encoding.ASCII.GetBytes(operation)));
    }

    [Fact]
    public void A_service_is_the_same_string_each_time_and_the_second_look_up_allocates_nothing()
    {
        var first = AwsCatalog.Service("dynamodb");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = AwsCatalog.Service("dynamodb"u8);
        Assert.True(AwsCatalog.Contains("dynamodb", "PutItem"));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(first, second);
    }
}
