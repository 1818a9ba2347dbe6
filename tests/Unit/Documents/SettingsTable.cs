using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Documents;

/// <summary>Generates docs/settings.md from the template's parameters.</summary>
internal static class SettingsTable
{
    public static string Of(string template)
    {
        var page = new StringBuilder();
        page.Append("""
            # Settings

            <!-- The table is generated from template.yaml by infra/docs.sh. Change the template's descriptions, not this page. -->

            A deployment is configured with the parameters of [template.yaml](../template.yaml).
            `infra/run.sh --parameter Name=Value` and `infra/deploy.sh aws --parameter Name=Value` set them.
            The functions' environment variables are derived from them.
            A function with a missing or wrong variable ends at its start, with one line that names the variable.

            | parameter | default | allowed | meaning |
            | --- | --- | --- | --- |

            """);
        foreach (var (name, parameter) in TemplateYaml.Parse(template)["Parameters"]!.AsObject())
        {
            var standard = parameter!["Default"]?.ToString() is { Length: > 0 } text ? $"`{text}`" : "empty";
            var meaning = Cell(parameter["Description"]!.ToString());
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {standard} | {Allowed(parameter)} | {meaning} |\n");
        }

        page.Append("""

            ## Settings of the local host

            `infra/run.sh --help` lists the options of a collector on one machine, such as ports, the data folder and `--demo`.
            The environment variable `OPERATOR_KEY` sets the operator key there (default: `operator`).

            """);
        return page.ToString();
    }

    private static string Allowed(JsonNode parameter)
    {
        if (parameter["AllowedValues"] is JsonArray values) return string.Join(", ", values.Select(value => $"`{value}`"));
        if (parameter["MinValue"] is { } least && parameter["MaxValue"] is { } most) return $"{least} to {most}";
        // CloudFormation shows this text after the name of the parameter.
        return Cell(parameter["ConstraintDescription"]?.ToString() ?? "").Replace("must be ", "", StringComparison.Ordinal);
    }

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Trim();
}
