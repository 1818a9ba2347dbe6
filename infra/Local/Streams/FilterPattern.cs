using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>
/// A filter of an event source mapping: a JSON pattern whose leaves are lists of what may stand there. Understood are
/// values, null, and the rules prefix, suffix, equals-ignore-case, anything-but, exists and numeric. Numbers in a
/// DynamoDB record are text, so numeric rules apply to text that is a number too.
/// </summary>
internal sealed class FilterPattern
{
    private readonly JsonObject pattern;

    /// <exception cref="TemplateException">It is not a JSON mapping, or a leaf is not a list.</exception>
    public FilterPattern(string text)
    {
        try
        {
            pattern = JsonNode.Parse(text) as JsonObject ?? throw new TemplateException("a filter pattern is a JSON mapping");
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
            else if (value is not JsonArray { Count: > 0 })
                throw new TemplateException($"the filter pattern's {name} must be a list of what is allowed");
        }
    }

    private static bool Matches(JsonObject mapping, JsonNode? document)
    {
        foreach (var (name, rule) in mapping)
        {
            if (name == "$or" && rule is JsonArray branches)
            {
                if (!branches.OfType<JsonObject>().Any(branch => Matches(branch, document)))
                    return false;
                continue;
            }

            var present = document is JsonObject fields && fields.ContainsKey(name);
            var value = present ? document![name] : null;
            if (rule is JsonObject inner ? !Matches(inner, value) : !((JsonArray)rule!).Any(allowed => Allows(allowed, present, value)))
                return false;
        }

        return true;
    }

    private static bool Allows(JsonNode? rule, bool present, JsonNode? value)
    {
        if (rule is not JsonObject { Count: 1 } named)
            return present && Candidates(value).Any(candidate => JsonNode.DeepEquals(rule, candidate));

        var (name, argument) = named.First();
        if (name == "exists")
            return present == argument!.GetValue<bool>();
        return present && Candidates(value).Any(candidate => Holds(name, argument, candidate));
    }

    /// <summary>For a list it is enough that one of its items matches.</summary>
    private static JsonNode?[] Candidates(JsonNode? value) => value is JsonArray list ? [.. list] : [value];

    private static bool Holds(string rule, JsonNode? argument, JsonNode? value)
    {
        var text = Nodes.AsText(value);
        var wanted = Nodes.AsText(argument);
        return rule switch
        {
            "prefix" => text is not null && wanted is not null && text.StartsWith(wanted, StringComparison.Ordinal),
            "suffix" => text is not null && wanted is not null && text.EndsWith(wanted, StringComparison.Ordinal),
            "equals-ignore-case" => string.Equals(text, wanted, StringComparison.OrdinalIgnoreCase),
            "anything-but" when argument is JsonObject inner => !Allows(inner, true, value),
            "anything-but" => !(argument is JsonArray many ? many : [argument?.DeepClone()]).Any(excluded => JsonNode.DeepEquals(excluded, value)),
            "numeric" when argument is JsonArray bounds => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && bounds.Chunk(2).All(pair => Compare(number, Nodes.AsText(pair[0])!, double.Parse(Nodes.AsText(pair[1])!, CultureInfo.InvariantCulture))),
            _ => throw new TemplateException($"the filter rule {rule} is not known here"),
        };
    }

    private static bool Compare(double number, string comparison, double bound) => comparison switch
    {
        "=" => number.Equals(bound),
        "<" => number < bound,
        "<=" => number <= bound,
        ">" => number > bound,
        ">=" => number >= bound,
        _ => throw new TemplateException($"the comparison {comparison} is not known here"),
    };
}
