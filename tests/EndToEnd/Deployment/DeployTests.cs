namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>
/// Runs deploy.sh and remove.sh completely, with a replacement for the AWS CLI (Stub/aws). A collector on this machine acts as the
/// deployment, so the final smoke test is the real one.
/// </summary>
public sealed class DeployTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private static readonly string[] Tables = ["mine-sessions", "mine-anything-else"];

    private static readonly string Published = Path.Combine(Repository.Root, "artifacts", "functions");

    [SkippableTheory]
    [InlineData("aws", "Target=aws")]
    [InlineData("localstack", "Target=localstack DeletionProtection=false AggregationWindowSeconds=1 AnonymousWindowSeconds=1")]
    public async Task A_deployment_is_packaged_deployed_and_tested_and_its_address_is_printed(string place, string parameters)
    {
        var (code, text, calls) = await Deploy(place);
        Assert.True(code == 0, text);
        var root = collector.BaseAddress.GetLeftPart(UriPartial.Authority);
        var url = place == "aws" ? root + "/v1" : root + "/_aws/execute-api/../../v1";
        foreach (var line in new[] { "page: ", "batch: stored", "counts: updated after", "ApiUrl               " + url,
            "AnalyticsApi         " + url, "DashboardUrl         " + url + "/", "OperatorKeyCommand   an output" })
            Assert.Contains(line, text, StringComparison.Ordinal);
        // The template is sent from a file, without a bucket and without its indentation.
        Assert.Equal("""{"packaged":true}""", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "artifacts", "packaged.json")));
        Assert.DoesNotContain("--s3-bucket", calls[5], StringComparison.Ordinal);
        Assert.DoesNotContain("DomainTarget", text, StringComparison.Ordinal);
        Assert.Equal(
            ["sts get-caller-identity", "s3api head-bucket", "s3 mb", "s3api put-public-access-block", "cloudformation package",
                "cloudformation deploy"],
            calls.Take(6).Select(Command));
        Assert.Contains("--stack-name mine", calls[5], StringComparison.Ordinal);
        Assert.Contains($"--parameter-overrides {parameters} Architecture=", calls[5], StringComparison.Ordinal);
        Assert.EndsWith(" ThrottlingRate=7", calls[5], StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("sts get-caller-identity", "aws configure")]
    [InlineData("s3 mb", "The bucket usage-collector-000000000000-eu-central-1 could not be created")]
    [InlineData("cloudformation package", "The package could not be uploaded")]
    [InlineData("cloudformation deploy", "The stack mine could not be deployed")]
    [InlineData("secretsmanager get-secret-value", "its operator key cannot be read")]
    public async Task A_refused_step_ends_the_deployment_with_an_explanation(string refused, string said)
    {
        var (code, text, calls) = await Deploy("aws", refused);
        Assert.Equal(1, code);
        Assert.Contains(said, text.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        if (refused == "cloudformation deploy") Assert.Contains("EventsTable: the table could not be made\n", text,
            StringComparison.Ordinal);
        else Assert.Equal(refused, Command(calls[^1]));
    }

    /// <summary>Events in the format of CloudFormation and LocalStack, newest first.</summary>
    [SkippableTheory]
    [InlineData(@"mine\tROLLBACK_COMPLETE\tNone\nmine\tCREATE_FAILED\tNone\nEventsTable\tCREATE_FAILED\tResource creation cancelled\n"
        + @"Rule\tCREATE_FAILED\tservice events is off\nmine\tCREATE_IN_PROGRESS\tNone\n", "Rule: service events is off")]
    [InlineData(@"mine\tCREATE_FAILED\tNone\nLater\tCREATE_FAILED\tit follows\n"
        + @"First\tCREATE_FAILED\tit began\nmine\tCREATE_IN_PROGRESS\tUser Initiated\n", "First: it began")]
    [InlineData(@"mine\tUPDATE_ROLLBACK_IN_PROGRESS\tNone\nNow\tUPDATE_FAILED\tthis time\n"
        + @"mine\tUPDATE_IN_PROGRESS\tUser Initiated\nBefore\tCREATE_FAILED\tan earlier deployment\n", "Now: this time")]
    [InlineData(@"mine\tCREATE_FAILED\tNone\nApi\tCREATE_FAILED\tNone\nmine\tCREATE_IN_PROGRESS\tNone\n",
        "Api: it failed; CloudFormation gives no reason")]
    [InlineData(@"mine\tCREATE_FAILED\tthe template is none\n", "The stack: the template is none")]
    [InlineData("", "CloudFormation names no resource that failed.")]
    public async Task A_failed_deployment_reports_the_first_failed_resource_and_the_reason(string events, string said)
    {
        var (code, text, _) = await Deploy("localstack", "cloudformation deploy", events);
        Assert.Equal(1, code);
        var lines = text.TrimEnd().Split('\n');
        Assert.Equal([said, "The stack mine could not be deployed; the lines above say why."], lines[^2..]);
        Assert.Equal("An error occurred: cloudformation deploy is refused", lines[^3]);
    }

    [SkippableFact]
    public async Task Protected_data_is_deleted_only_on_explicit_request()
    {
        var (code, text, calls) = await Remove("true");
        Assert.Equal((1, 2), (code, calls.Count));
        Assert.Contains("infra/remove.sh aws --stack mine --delete-data", Assert.Single(text.TrimEnd().Split('\n')),
            StringComparison.Ordinal);

        (code, text, calls) = await Remove("true", "--delete-data");
        Assert.True(code == 0, text);
        Assert.Equal(
            ["cloudformation list-stack-resources",
                .. Tables.Select(table => $"dynamodb update-table --table-name {table} --no-deletion-protection-enabled"),
                "cloudformation delete-stack", "cloudformation wait"],
            calls.Skip(2).Select(call => call.StartsWith("dynamodb", StringComparison.Ordinal) ? call : Command(call)));

        (code, text, calls) = await Remove("false");
        Assert.True(code == 0, text);
        Assert.Equal(["cloudformation delete-stack", "cloudformation wait"], calls.Skip(2).Select(Command));
    }

    private async Task<(int Code, string Text, IReadOnlyList<string> Calls)> Deploy(
        string place, string refused = "", string events = @"EventsTable\tCREATE_FAILED\tthe table could not be made\n")
    {
        Skip.IfNot(File.Exists(Path.Combine(Published, "bootstrap")), "nothing is published; infra/publish.sh does that");
        return await Script(
            "deploy.sh", [place, "--stack", "mine", "--region", "eu-central-1", "--functions", Published, "--parameter",
                "ThrottlingRate=7"], refused, "false", events);
    }

    private Task<(int Code, string Text, IReadOnlyList<string> Calls)> Remove(string isProtected, params string[] options) =>
        Script("remove.sh", ["aws", "--stack", "mine", .. options], "", isProtected, "");

    private async Task<(int Code, string Text, IReadOnlyList<string> Calls)> Script(
        string name, string[] arguments, string refused, string isProtected, string events)
    {
        RunningCollector.MustBeOfThisMachine();
        var calls = Path.GetTempFileName();
        var (code, text) = await Tool.Run(Path.Combine(Repository.Root, "infra", name), arguments, environment: new Dictionary<string,
            string>
        {
            ["PATH"] = Path.Combine(Repository.Root, "tests", "EndToEnd", "Stub") + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["COLLECTOR_LOCAL"] = Repository.LocalHost,
            ["CALLS"] = calls,
            ["REFUSED"] = refused,
            ["API_URL"] = collector.BaseAddress.ToString(),
            ["PROTECTED"] = isProtected,
            ["TABLES"] = string.Join("\\n", Tables) + "\\n",
            ["EVENTS"] = events,
            // curl removes the dots from a path, so that LocalStack's address of an API leads to the collector on this machine.
            ["API_ID"] = "../..",
            ["AWS_ENDPOINT_URL"] = collector.BaseAddress.GetLeftPart(UriPartial.Authority) + "/",
        });
        var lines = await File.ReadAllLinesAsync(calls);
        File.Delete(calls);
        return (code, text, lines);
    }

    private static string Command(string call) => string.Join(' ', call.Split(' ').Take(2));
}
