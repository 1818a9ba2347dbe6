using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Documents;

/// <summary>The documents describe the alarms and tables of the template.</summary>
public sealed partial class OperationsTests
{
    private static readonly MarkdownFile Architecture = MarkdownFile.Named("docs/architecture.md");

    private static readonly JsonObject Resources =
        TemplateYaml.Parse(File.ReadAllText(MarkdownFile.InRoot("template.yaml")))["Resources"]!.AsObject();

    [Fact]
    public void Every_alarm_has_a_section_that_says_what_to_do()
    {
        var document = MarkdownFile.Named("docs/operations.md");
        AreTheSame(Named("AWS::CloudWatch::Alarm"), document.Headings(level: 3), "alarms", "docs/operations.md (headings ###)");
        foreach (var part in new[] { "**Meaning.**", "**Look.**", "**Do.**" })
            Assert.Equal(Named("AWS::CloudWatch::Alarm").Count(), document.Text.Split(part).Length - 1);
    }

    [Fact]
    public void Every_alarm_that_a_document_names_exists()
    {
        var alarms = Named("AWS::CloudWatch::Alarm").ToHashSet(StringComparer.Ordinal);
        Assert.All(MarkdownFile.All, document => Assert.All(AlarmName().Matches(document.Text), name => Assert.True(
            alarms.Contains(name.Value), $"{document.Name} names {name.Value}, which template.yaml lacks.")));
    }

    [Fact]
    public void Every_table_is_described()
    {
        var rows = Architecture.Text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).Where(name => name.EndsWith("Table", StringComparison.Ordinal));
        AreTheSame(Named("AWS::DynamoDB::Table"), rows, "tables", "docs/architecture.md (rows)");
    }

    [Fact]
    public void Every_folder_of_the_functions_is_described()
    {
        var folders = Directory.GetDirectories(MarkdownFile.InRoot("functions")).Select(Path.GetFileName)
            .Where(name => name is not ("bin" or "obj"));
        Assert.All(folders, name => Assert.True(
            Architecture.Text.Contains($"| `functions/{name}` |", StringComparison.Ordinal),
            $"docs/architecture.md lacks a row for functions/{name}."));
    }

    private static IEnumerable<string> Named(string type) => Resources.Where(r => (string?)r.Value!["Type"] == type).Select(r => r.Key);

    private static void AreTheSame(IEnumerable<string> inTemplate, IEnumerable<string> inDocument, string what, string where)
    {
        var (wanted, found) = (inTemplate.ToHashSet(StringComparer.Ordinal), inDocument.ToHashSet(StringComparer.Ordinal));
        Assert.True(
            wanted.SetEquals(found),
            $"template.yaml and {where} disagree about {what}. Add: {List(wanted.Except(found))}. Remove: {List(found.Except(wanted))}.");
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "nothing";

    [GeneratedRegex(@"\b[A-Z]\w+Alarm\b")]
    private static partial Regex AlarmName();
}
