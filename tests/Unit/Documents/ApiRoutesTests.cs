using Collector.Local.Template;

namespace Collector.Tests.Unit.Documents;

/// <summary>
/// docs/api.yaml describes the routes of template.yaml, and no others. ApiDescriptionTests compares the answers end to end.
/// </summary>
public sealed class ApiRoutesTests
{
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch", "head", "options"];

    [Fact]
    public void The_routes_are_those_of_the_template()
    {
        var paths = TemplateYaml.Parse(File.ReadAllText(MarkdownFile.InRoot("docs/api.yaml")))["paths"]!.AsObject();
        var described = paths.SelectMany(path => path.Value!.AsObject().Where(operation => Methods.Contains(operation.Key))
            .Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).ToHashSet();
        var template = SamTemplate.Read(
            File.ReadAllText(MarkdownFile.InRoot("template.yaml")), "usage", new Dictionary<string, string>(), (_, _) => "secret");
        // SAM's {proxy+} takes the rest of the path; OpenAPI has no notation for that.
        var deployed = template.Routes.Select(route => $"{route.Method} {route.Path}")
            .Select(route => route.Replace("+}", "}", StringComparison.Ordinal)).ToHashSet();
        var missing = deployed.Except(described).Order().ToList();
        var surplus = described.Except(deployed).Order().ToList();
        Assert.True(
            missing.Count == 0,
            $"docs/api.yaml lacks {string.Join(", ", missing)}. Add each under paths, with operationId, summary, security (where a token is"
            + " needed), an example for the body and each parameter, and the schema of every answer.");
        Assert.True(surplus.Count == 0, $"docs/api.yaml describes {string.Join(", ", surplus)}. Remove the routes that template.yaml lacks.");
    }
}
