namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>
/// deploy.sh and remove.sh from their first line to their last, with a stand-in for the AWS CLI (Stub/aws) and a collector of this machine as what was
/// deployed: the smoke test at the end is the real one.
/// </summary>
public sealed class DeployTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private static readonly string Published = Path.Combine(Repository.Root, "artifacts", "functions");

    [SkippableTheory]
    [InlineData("aws", "Target=aws")]
    [InlineData("localstack", "Target=localstack DeletionProtection=false AggregationWindowSeconds=1 AnonymousWindowSeconds=1")]
    public async Task A_deployment_packages_deploys_tests_and_says_where_it_is(string place, string parameters)
    {
        var (code, text, calls) = await Deploy(place);
        Assert.True(code == 0, text);
        foreach (var line in new[] { "batch: stored", "counts: there after", "ApiUrl               " + collector.BaseAddress, "OperatorKeyCommand   an output" })
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.DoesNotContain("DomainTarget", text, StringComparison.Ordinal);
        Assert.Equal(
            ["sts get-caller-identity", "s3api head-bucket", "s3 mb", "s3api put-public-access-block", "cloudformation package", "cloudformation deploy"],
            calls.Take(6).Select(Command));
        Assert.Contains("--stack-name mine", calls[5], StringComparison.Ordinal);
        Assert.Contains($"--parameter-overrides {parameters} Architecture=", calls[5], StringComparison.Ordinal);
        Assert.EndsWith(" ThrottlingRate=7", calls[5], StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("sts get-caller-identity", "aws configure")]
    [InlineData("s3 mb", "The bucket usage-collector-000000000000-eu-central-1 could not be made")]
    [InlineData("cloudformation package", "The package could not be uploaded")]
    [InlineData("cloudformation deploy", "The stack mine could not be deployed")]
    [InlineData("secretsmanager get-secret-value", "its operator key cannot be read")]
    public async Task What_is_refused_ends_the_deployment_with_a_line_that_says_so(string refused, string said)
    {
        var (code, text, calls) = await Deploy("aws", refused);
        Assert.Equal(1, code);
        Assert.Contains(said, text.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        if (refused == "cloudformation deploy") Assert.Contains("EventsTable\tthe table could not be made", text, StringComparison.Ordinal);
        else Assert.Equal(refused, Command(calls[^1]));
    }

    [SkippableFact]
    public async Task Protected_data_is_deleted_only_when_that_is_said()
    {
        var (code, text, calls) = await Remove("true");
        Assert.Equal((1, 2), (code, calls.Count));
        Assert.Contains("infra/remove.sh aws --stack mine --delete-data", Assert.Single(text.TrimEnd().Split('\n')), StringComparison.Ordinal);

        (code, text, calls) = await Remove("true", "--delete-data");
        Assert.True(code == 0, text);
        Assert.Equal(
            [.. Enumerable.Repeat("dynamodb update-table", 4), "cloudformation delete-stack", "cloudformation wait"], calls.Skip(2).Select(Command));
        Assert.All(calls.Skip(2).Take(4), call => Assert.Contains("--table-name mine-", call, StringComparison.Ordinal));

        (code, text, calls) = await Remove("false");
        Assert.True(code == 0, text);
        Assert.Equal(["cloudformation delete-stack", "cloudformation wait"], calls.Skip(2).Select(Command));
    }

    private async Task<(int Code, string Text, IReadOnlyList<string> Calls)> Deploy(string place, string refused = "")
    {
        Skip.IfNot(File.Exists(Path.Combine(Published, "bootstrap")), "nothing is published; infra/publish.sh does that");
        return await Script(
            "deploy.sh", [place, "--stack", "mine", "--region", "eu-central-1", "--functions", Published, "--parameter", "ThrottlingRate=7"], refused, "false");
    }

    private Task<(int Code, string Text, IReadOnlyList<string> Calls)> Remove(string isProtected, params string[] options) =>
        Script("remove.sh", ["aws", "--stack", "mine", .. options], "", isProtected);

    private async Task<(int Code, string Text, IReadOnlyList<string> Calls)> Script(string name, string[] arguments, string refused, string isProtected)
    {
        RunningCollector.MustBeOfThisMachine();
        var calls = Path.GetTempFileName();
        var (code, text) = await Tool.Run(Path.Combine(Repository.Root, "infra", name), arguments, environment: new Dictionary<string, string>
        {
            ["PATH"] = Path.Combine(Repository.Root, "tests", "EndToEnd", "Stub") + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["COLLECTOR_LOCAL"] = Repository.LocalHost,
            ["CALLS"] = calls,
            ["REFUSED"] = refused,
            ["API_URL"] = collector.BaseAddress.ToString(),
            ["PROTECTED"] = isProtected,
        });
        var lines = await File.ReadAllLinesAsync(calls);
        File.Delete(calls);
        return (code, text, lines);
    }

    private static string Command(string call) => string.Join(' ', call.Split(' ').Take(2));
}
