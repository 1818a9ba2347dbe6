using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>The deployment scripts, as far as they can be tested without a deployment.</summary>
public sealed class ScriptTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    [SkippableFact]
    public async Task The_smoke_test_passes_against_a_working_collector()
    {
        var (code, text) = await Smoke(collector.BaseAddress.ToString(), RunningCollector.OperatorKey);
        Assert.True(code == 0, text);
        Assert.Contains("counts: updated", text, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("http://127.0.0.1:1/v1", "operator", "does not answer")]
    [InlineData(null, "another", "401")]
    public async Task The_smoke_test_reports_a_fault_in_one_line(string? url, string key, string said)
    {
        var (code, text) = await Smoke(url ?? collector.BaseAddress.ToString(), key);
        Assert.Equal(1, code);
        Assert.Contains(said, Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_route_configuration_of_the_test_tool_matches_the_template()
    {
        var routes = JsonNode.Parse(await Tool.Must(Repository.LocalHost, ["routes", "--template", Template.Path]))!.AsArray();
        var wanted = Template.FunctionIds.SelectMany(id =>
            Template.Events(id, "Api").Select(route => $"{id} {route["Method"]} {route["Path"]}"));
        Assert.Equal(
            wanted.Order(StringComparer.Ordinal),
            routes.Select(route => $"{route!["LambdaResourceName"]} {route["HttpMethod"]} {route["Path"]}").Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task The_environment_printed_for_the_test_tool_starts_each_function()
    {
        var lines = (await Tool.Must(Repository.LocalHost, ["functions", "--template", Template.Path, "--in-memory"]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Template.FunctionIds.Order(), lines.Select(line => line.Split('\t')[0]).Order());
        Assert.All(lines, line => Assert.All(line.Split('\t')[2..], variable => Assert.Matches("^[A-Z_]+=", variable)));
    }

    [SkippableFact]
    public async Task An_executable_that_Lambda_cannot_start_is_not_published()
    {
        var missing = await Tool.Missing("readelf", "--version");
        Skip.If(missing is not null, missing);
        // A program that needs the C++ library, which the image may lack.
        Assert.Contains("libstdc++", (await Check(Repository.LocalHost)).Text, StringComparison.Ordinal);
        // The C library defines the newest symbol version on this machine, which is newer than the image's.
        var libc = new[] { "/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6", "/lib64/libc.so.6" }.First(File.Exists);
        Assert.Contains("it needs glibc 2.", (await Check(libc)).Text, StringComparison.Ordinal);
        var native = Path.Combine(Repository.Root, "artifacts", "functions", "bootstrap");
        if (File.Exists(native)) Assert.Equal((0, ""), await Check(native));
        // A program for one architecture is refused for the other.
        var (own, other) = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ("arm64", "x86_64") : ("x86_64", "arm64");
        Assert.DoesNotContain("it is for", (await Check(libc, own)).Text, StringComparison.Ordinal);
        Assert.Contains($", not for {other}", (await Check(libc, other)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_published_executable_answers_an_event_and_another_program_does_not()
    {
        var script = Path.Combine(Repository.Root, "infra", "answer-one-event.mjs");
        Assert.Equal((0, ""), await Tool.Run("node", [script, Path.Combine(Repository.Functions, "bootstrap")]));
        var (code, text) = await Tool.Run("node", [script, "/bin/true"]);
        Assert.Equal((1, "it ended with 0 before it answered"), (code, text.TrimEnd()));
    }

    [Theory]
    [InlineData("--architecture needs a value", "--architecture")]
    [InlineData("Lambda runs x86_64 and arm64, not amd64.", "--architecture", "amd64")]
    [InlineData("--arch is not an option", "--arch", "arm64")]
    [InlineData("accepts one folder", "/nowhere/a", "/nowhere/b")]
    public async Task A_mistake_in_publishing_is_reported_in_one_line(string said, params string[] arguments)
    {
        var (code, text) = await Tool.Run(Path.Combine(Repository.Root, "infra", "publish.sh"), arguments);
        Assert.Equal(1, code);
        Assert.Contains(said, Assert.Single(text.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "docs/benchmarks.md", "--help")]
    [InlineData(1, "accepts only --quick", "--fast")]
    [InlineData(1, "accepts only --quick", "--quick", "--page")]
    public async Task The_benchmarks_report_their_valid_arguments(int code, string said, params string[] arguments)
    {
        var (ended, text) = await Tool.Run(Path.Combine(Repository.Root, "infra", "bench.sh"), arguments);
        Assert.Equal(code, ended);
        Assert.Contains(said, text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Publishing_does_not_replace_a_folder_that_it_did_not_create()
    {
        var folder = Directory.CreateTempSubdirectory("collector-publish-");
        var file = Path.Combine(folder.FullName, "mine");
        await File.WriteAllTextAsync(file, "mine");
        foreach (var target in new[] { folder.FullName, file })
        {
            var (code, text) = await Tool.Run(Path.Combine(Repository.Root, "infra", "publish.sh"), [target]);
            Assert.Equal(1, code);
            Assert.Contains("was not written by infra/publish.sh", text, StringComparison.Ordinal);
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        folder.Delete(recursive: true);
    }

    private static Task<(int Code, string Text)> Check(string executable, params string[] architecture) =>
        Tool.Run(Path.Combine(Repository.Root, "infra", "check-executable.sh"), [executable, .. architecture]);

    private static Task<(int Code, string Text)> Smoke(string url, string key) => Tool.Run(
        Path.Combine(Repository.Root, "infra", "smoke.sh"), [url, "60"], environment: new Dictionary<string,
            string> { ["OPERATOR_KEY"] = key });
}
