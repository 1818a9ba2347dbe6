using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Local.Template;
using Json.Schema;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>docs/api.yaml (OpenAPI 3.1), with its references followed.</summary>
internal sealed class ApiDescription
{
    private static readonly string[] Methods = ["post", "put", "get", "delete"];
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonObject root = TemplateYaml.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "api.yaml")));
    private readonly ConcurrentDictionary<string, JsonSchema> schemas = new(StringComparer.Ordinal);

    public static ApiDescription Read() => new();

    /// <summary>All operations: first those that send data, then those that read, and deletions last.</summary>
    public IReadOnlyList<ApiOperation> Operations =>
    [
        .. root["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Where(o => Methods.Contains(o.Key))
                .Select(o => new ApiOperation(this, o.Key, path.Key, path.Value!, o.Value!)))
            .OrderBy(operation => Array.IndexOf(Methods, operation.Method)),
    ];

    /// <summary>The target of a <c>$ref</c>; a node without one is its own target.</summary>
    public JsonNode Follow(JsonNode node) =>
        (string?)(node as JsonObject)?["$ref"] is { } reference
            ? reference.Split('/').Skip(1).Aggregate((JsonNode)root, (at, name) => at[name]!)
            : node;

    /// <summary>The errors of a value; none when it fits the schema.</summary>
    public IReadOnlyList<string> Problems(JsonNode schema, JsonNode? value)
    {
        var results = schemas.GetOrAdd(schema.ToJsonString(), Compile).Evaluate(JsonSerializer.SerializeToElement(value), Options);
        if (results.IsValid) return [];
        return
        [
            .. (results.Details ?? []).Where(detail => detail.Errors is { Count: > 0 })
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")).Distinct(),
        ];
    }

    // JSON Schema looks for its own definitions, not for OpenAPI's components.
    private JsonSchema Compile(string schema)
    {
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["allOf"] = new JsonArray(JsonNode.Parse(schema)),
            ["$defs"] = root["components"]!["schemas"]!.DeepClone(),
        };
        return JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }
}

/// <summary>One method of one path.</summary>
internal sealed class ApiOperation(ApiDescription description, string method, string path, JsonNode item, JsonNode operation)
{
    public string Method { get; } = method;

    public string Path { get; } = path;

    public string Name => $"{Method.ToUpperInvariant()} {Path}";

    /// <summary>The security schemes, one of which is enough; empty for a public operation.</summary>
    public IReadOnlyList<string> Security =>
        [.. (operation["security"] as JsonArray ?? []).SelectMany(scheme => scheme!.AsObject().Select(s => s.Key))];

    /// <summary>The examples of the request's body, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonNode>> Bodies =>
        [.. (Body?["examples"]?.AsObject() ?? []).Select(example => KeyValuePair.Create(example.Key, example.Value!["value"]!))];

    public JsonNode? Body => operation["requestBody"]?["content"]?["application/json"];

    public IReadOnlyList<JsonNode> Parameters(string place) =>
        [.. new[] { item["parameters"], operation["parameters"] }.SelectMany(list => list as JsonArray ?? [])
            .Select(parameter => description.Follow(parameter!)).Where(parameter => (string?)parameter["in"] == place)];

    /// <summary>The description of the answer with this status, or null.</summary>
    public JsonNode? Response(int status) =>
        operation["responses"]?[status.ToString(CultureInfo.InvariantCulture)] is { } response ? description.Follow(response) : null;

    /// <summary>All described media types and schemas of requests and answers that have an example.</summary>
    public IEnumerable<(string Where, JsonNode Schema, JsonNode Example)> Examples()
    {
        foreach (var (name, value) in Bodies) yield return ($"{Name}, request \"{name}\"", Body!["schema"]!, value);
        foreach (var (status, response) in operation["responses"]!.AsObject())
        {
            foreach (var (_, content) in description.Follow(response!)["content"]?.AsObject() ?? [])
            {
                if (content!["example"] is { } example) yield return ($"{Name}, answer {status}", content["schema"]!, example);
            }
        }

        foreach (var parameter in new[] { "path", "query" }.SelectMany(Parameters))
        {
            if (parameter["example"] is { } example) yield return ($"{Name}, parameter {parameter["name"]}", parameter["schema"]!, example);
        }
    }
}
