using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Documents;

/// <summary>Continuous integration runs the commands that the README names, with actions of a fixed version.</summary>
public sealed partial class WorkflowTests
{
    private static readonly List<JsonObject> Steps = Directory.GetFiles(MarkdownFile.InRoot(".github/workflows"), "*.yaml")
        .SelectMany(file => TemplateYaml.Parse(File.ReadAllText(file))["jobs"]!.AsObject())
        .SelectMany(job => job.Value!["steps"]!.AsArray()).Select(step => step!.AsObject()).ToList();

    [Fact]
    public void The_workflow_runs_only_scripts_of_this_repository()
    {
        var commands = Steps.Select(step => (string?)step["run"]).OfType<string>().ToList();
        Assert.Contains("infra/test.sh", commands);
        Assert.Contains("infra/publish.sh", commands);
        Assert.All(commands, command => Assert.True(
            File.Exists(MarkdownFile.InRoot(command)), $"{command} is not a script of this repository"));
    }

    [Fact]
    public void Each_action_has_a_fixed_version() =>
        Assert.All(Steps.Select(step => (string?)step["uses"]).OfType<string>(), action => Assert.Matches(Pinned(), action));

    [GeneratedRegex(@"^[\w-]+/[\w-]+@v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
