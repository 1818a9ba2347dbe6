using System.Text.Json.Nodes;
using Collector.Tests.Fleet.Scale;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Documents;

/// <summary>
/// Documents that are generated from the sources are up to date. With <c>UPDATE_DOCS=1</c> in the environment, as infra/docs.sh sets it,
/// this test writes them.
/// </summary>
public sealed class GeneratedTests
{
    private static readonly bool Updates = Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1";

    [Fact]
    public void The_privacy_page_matches_the_policy() => IsFresh("docs/privacy.md", PrivacyPage.Of(Policy()));

    [Fact]
    public void The_settings_page_matches_the_template() =>
        IsFresh("docs/settings.md", SettingsTable.Of(File.ReadAllText(MarkdownFile.InRoot("template.yaml"))));

    [Fact]
    public void The_tables_of_the_cost_page_are_computed_from_the_figures() =>
        IsFresh(CostPage.Path, CostPage.Of(Repository.Root).Fresh(File.ReadAllText(MarkdownFile.InRoot(CostPage.Path))));

    [Fact]
    public void The_cost_page_shows_every_table()
    {
        var page = File.ReadAllText(MarkdownFile.InRoot(CostPage.Path));
        Assert.All(CostPage.Of(Repository.Root).Names, name => Assert.Contains($"<!-- table: {name} -->", page, StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_of_the_policy_changes_the_page()
    {
        var policy = Policy();
        var page = PrivacyPage.Of(policy);
        foreach (var e in policy["events"]!.AsArray()) Assert.Contains($"`{e!["name"]}`", page, StringComparison.Ordinal);
        policy["events"]!.AsArray().RemoveAt(0);
        Assert.NotEqual(page, PrivacyPage.Of(policy));
    }

    private static JsonNode Policy() => JsonNode.Parse(Policies.Shipped.Json)!;

    private static void IsFresh(string name, string wanted)
    {
        var file = MarkdownFile.InRoot(name);
        if (Updates) File.WriteAllText(file, wanted);
        var isFresh = File.Exists(file) && File.ReadAllText(file) == wanted;
        Assert.True(isFresh, $"{name} is out of date: run infra/docs.sh and commit what it writes.");
    }
}
