using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Collector.Local.Template;

/// <summary>Reads values from resolved nodes. As in CloudFormation, numbers and booleans may be written as text.</summary>
internal static class Nodes
{
    public static JsonObject? Object(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    public static string? Text(this JsonNode? node, string name) => AsText((node as JsonObject)?[name]);

    public static int? Number(this JsonNode? node, string name) =>
        int.TryParse(node.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool Flag(this JsonNode? node, string name) => string.Equals(node.Text(name), "true", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<JsonNode> List(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] switch
        {
            JsonArray array => array.OfType<JsonNode>(),
            null => [],
            var single => [single],
        };

    /// <summary>A scalar as text ("true", "90"); null for a list or a mapping.</summary>
    public static string? AsText(JsonNode? node) => node is not JsonValue value
        ? null
        : value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null => null,
            _ => value.ToJsonString(),
        };
}
