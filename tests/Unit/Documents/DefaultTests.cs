using System.Text.RegularExpressions;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Documents;

/// <summary>Where a document gives a setting's default, as in `ErasureSettleSeconds` (90), it is the default in the template.</summary>
public sealed partial class DefaultTests
{
    [Fact]
    public void A_default_in_the_text_is_the_default_in_the_template()
    {
        var parameters = TemplateYaml.Parse(File.ReadAllText(MarkdownFile.InRoot("template.yaml")))["Parameters"]!.AsObject();
        var given = MarkdownFile.All.SelectMany(document => Default().Matches(document.Text)
            .Select(match => (document.Name, Parameter: match.Groups[1].Value, Value: match.Groups[2].Value))).ToList();
        Assert.NotEmpty(given);
        Assert.All(given, one => Assert.True(
            parameters[one.Parameter]?["Default"]?.ToString() == one.Value,
            $"{one.Name} gives {one.Value} as the default of {one.Parameter}; template.yaml has another value."));
    }

    // Matches a default in a sentence, and one in a table of parameters and days.
    [GeneratedRegex(@"`([A-Z]\w+)`(?: \(| \| `?)(\d+)\b")]
    private static partial Regex Default();
}
