using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>The template, packaged, translated, and deployed by another implementation of CloudFormation (moto).</summary>
public sealed class CloudFormationTests(PlainTemplate plain) : IClassFixture<PlainTemplate>
{
    /// <summary>moto ignores a REST API's inline body, so resources that depend on it cannot be deployed.</summary>
    private static readonly string[] LeftOut = ["AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage"];

    /// <summary>Resource types that the CloudFormation of moto 5.2.1 does not support.</summary>
    private static readonly string[] Unknown =
        ["AWS::ApiGateway::Account", "AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::DomainName", "AWS::CloudWatch::Alarm",
            "AWS::Logs::MetricFilter", "AWS::SecretsManager::Secret", "AWS::SNS::Subscription"];

    /// <summary>The resource types that LocalStack's CloudFormation supports in the free plan, and those that SAM generates.</summary>
    private static readonly string[] LocalStacks =
    [
        "AWS::ApiGateway::Deployment", "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage", "AWS::DynamoDB::Table", "AWS::Events::Rule",
            "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Logs::LogGroup",
            "AWS::SecretsManager::Secret", "AWS::SQS::Queue",
    ];

    public static TheoryData<string> Stacks() => [.. Parameters.Keys];

    private static Dictionary<string, Dictionary<string, string>> Parameters { get; } = new()
    {
        ["defaults"] = [],
        ["localstack"] = new()
        {
            ["Target"] = "localstack", ["DeletionProtection"] = "false", ["AggregationWindowSeconds"] = "1",
            ["AnonymousWindowSeconds"] = "1",
        },
        ["everything"] = new()
        {
            ["AlarmEmail"] = "operator@example.com",
            ["DomainName"] = "usage.example.com",
            ["CertificateArn"] = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
            ["TableKeyArn"] = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012",
        },
    };

    [SkippableFact]
    public void The_translated_template_has_no_SAM_resources_and_one_package_for_all_functions()
    {
        Skip.If(plain.Missing is not null, plain.Missing);
        var resources = plain.Root["Resources"]!.AsObject();
        Assert.DoesNotContain(resources, resource =>
            ((string)resource.Value!["Type"]!).StartsWith("AWS::Serverless", StringComparison.Ordinal));
        Assert.Null(plain.Root["Transform"]);
        var functions = resources.Where(resource => (string?)resource.Value!["Type"] == "AWS::Lambda::Function").ToList();
        Assert.Equal(Template.FunctionIds.Order(), functions.Select(function => function.Key).Order());
        Assert.Single(functions.Select(function => function.Value!["Properties"]!["Code"]!.ToJsonString()).Distinct());
    }

    /// <summary>CloudFormation's quota for a template that is sent from a file.</summary>
    [SkippableFact]
    public void The_packaged_template_is_small_enough_to_be_sent_from_a_file()
    {
        Skip.If(plain.Missing is not null, plain.Missing);
        // The bucket of this test has a shorter name than a real one, which contains an account and a region, and no prefix.
        const int longer = 60;
        Assert.Equal(
            plain.Root["Outputs"]!.AsObject().Select(output => output.Key),
            JsonNode.Parse(plain.Packaged)!["Outputs"]!.AsObject().Select(output => output.Key));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(plain.Packaged) + (longer * Template.FunctionIds.Count()), 1, 51_200);
    }

    [SkippableTheory]
    [MemberData(nameof(Stacks))]
    public async Task It_deploys_with_every_resource_that_moto_knows(string stack)
    {
        Skip.If(plain.Missing is not null, plain.Missing);
        var made = await plain.Deploy(stack, Parameters[stack], LeftOut);
        var wanted = Wanted(Parameters[stack]);
        Assert.Equal(
            wanted.Where(resource => !LeftOut.Contains(resource.Type) && !Unknown.Contains(resource.Type)).Select(resource => resource.Id)
                .Order(StringComparer.Ordinal),
            made.Where(id => !wanted.Any(resource => resource.Id == id && Unknown.Contains(resource.Type))).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void For_LocalStack_all_resource_types_are_supported_by_its_free_plan()
    {
        Skip.If(plain.Missing is not null, plain.Missing);
        Assert.Subset(LocalStacks.ToHashSet(), Wanted(Parameters["localstack"]).Select(resource => resource.Type).ToHashSet());
    }

    private List<(string Id, string Type)> Wanted(Dictionary<string, string> parameters)
    {
        var intrinsics = new Intrinsics(plain.Root, TemplateValues.Of(plain.Root, "usage", parameters), new NoResources());
        return [.. plain.Root["Resources"]!.AsObject()
            .Where(resource => (string?)resource.Value!["Condition"] is not { } condition || intrinsics.Condition(condition))
            .Select(resource => (resource.Key, (string)resource.Value!["Type"]!))];
    }

    private sealed class NoResources : IResourceValues
    {
        public string? Ref(string logicalId) => null;

        public string? GetAtt(string logicalId, string attribute) => null;

        public string? Secret(string arn) => null;
    }
}
