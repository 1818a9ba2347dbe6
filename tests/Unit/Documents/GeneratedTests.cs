using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Documents;

/// <summary>
/// Documents that are written from the sources are up to date. With <c>UPDATE_DOCS=1</c> in the environment, as infra/docs.sh sets it, they
/// are written.
/// </summary>
public sealed class GeneratedTests
{
    private static readonly bool Updates = Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1";

    [Fact]
    public void The_privacy_page_is_that_of_the_policy() => IsFresh("docs/privacy.md", PrivacyPage.Of(Policies.Shipped.Enforced));

    [Fact]
    public void The_settings_are_those_of_the_template() =>
        IsFresh("docs/settings.md", SettingsTable.Of(File.ReadAllText(MarkdownFile.InRoot("template.yaml"))));

    [Fact]
    public void A_change_of_the_policy_changes_the_page()
    {
        var policy = Policies.Shipped.Enforced;
        Assert.NotEqual(PrivacyPage.Of(policy), PrivacyPage.Of(policy with { Events = [.. policy.Events.Skip(1)] }));
        foreach (var e in policy.Events) Assert.Contains($"`{e.Name}`", PrivacyPage.Of(policy), StringComparison.Ordinal);
    }

    private static void IsFresh(string name, string wanted)
    {
        var file = MarkdownFile.InRoot(name);
        if (Updates) File.WriteAllText(file, wanted);
        var isFresh = File.Exists(file) && File.ReadAllText(file) == wanted;
        Assert.True(isFresh, $"{name} is out of date: run infra/docs.sh and commit what it writes.");
    }
}
