using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>
/// A filter of an event source mapping: a JSON pattern whose leaves are lists of allowed values. Lambda's other rules (prefix, numeric …)
/// are refused, because template.yaml does not use them.
/// </summary>
internal sealed class FilterPattern
{
    private readonly JsonObject pattern;

    /// <exception cref="TemplateException">It is not a JSON mapping, a leaf is not a list, or a list contains a rule.</exception>
    public FilterPattern(string text)
    {
        try
        {
            pattern = JsonNode.Parse(text) as JsonObject ?? throw new TemplateException("a filter pattern must be a JSON mapping");
        }
        catch (JsonException)
        {
            throw new TemplateException("a filter pattern is not JSON");
        }

        Check(pattern);
    }

    public bool Matches(JsonObject document) => Matches(pattern, document);

    private static void Check(JsonObject mapping)
    {
        foreach (var (name, value) in mapping)
        {
            if (value is JsonObject inner)
                Check(inner);
            else if (value is not JsonArray { Count: > 0 } allowed || !allowed.All(one => one is JsonValue))
                throw new TemplateException($"the filter pattern's {name} must be a list of allowed values");
        }
    }

    private static bool Matches(JsonObject mapping, JsonNode? document) => mapping.All(entry =>
        (document as JsonObject)?[entry.Key] is { } value
        && (entry.Value is JsonObject inner ? Matches(inner, value) : entry.Value!.AsArray()
            .Any(allowed => JsonNode.DeepEquals(allowed, value))));
}
