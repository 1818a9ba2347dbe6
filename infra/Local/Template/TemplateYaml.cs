using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Collector.Local.Template;

/// <summary>
/// Reads CloudFormation's YAML (JSON is YAML too) into JSON nodes. The short form of an intrinsic becomes the long one (<c>!Sub x</c> is
/// <c>{"Fn::Sub": "x"}</c>), so that the rest of the code sees only one form.
/// </summary>
internal static class TemplateYaml
{
    /// <exception cref="TemplateException">The text is not YAML, or its root is not a mapping.</exception>
    public static JsonObject Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new TemplateException($"line {e.Start.Line}: {FirstLine(e.InnerException?.Message ?? e.Message)}");
        }

        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? (JsonObject)Convert(root)!
            : throw new TemplateException("it is not one YAML mapping");
    }

    private static JsonNode? Convert(YamlNode node)
    {
        JsonNode? value = node switch
        {
            YamlMappingNode mapping => Mapping(mapping),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
            YamlScalarNode scalar => Scalar(scalar),
            _ => throw new TemplateException($"line {node.Start.Line}: a {node.NodeType} is not supported here"),
        };

        var tag = node.Tag.IsEmpty || node.Tag.IsNonSpecific ? "" : node.Tag.Value;
        if (!tag.StartsWith('!'))
            return value;

        var name = tag[1..];
        // The short form of GetAtt takes "Resource.Attribute", the long form a list.
        if (name == "GetAtt" && value is JsonValue text && text.TryGetValue(out string? path))
            value = new JsonArray([.. path.Split('.', 2).Select(part => (JsonNode)part)]);
        return new JsonObject { [name is "Ref" or "Condition" ? name : "Fn::" + name] = value };
    }

    private static JsonObject Mapping(YamlMappingNode mapping)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw new TemplateException($"line {key.Start.Line}: a key must be a string");
            if (!result.TryAdd(name, Convert(value)))
                throw new TemplateException($"line {key.Start.Line}: {name} appears twice");
        }

        return result;
    }

    /// <summary>YAML 1.2's core types, for plain scalars only: a quoted one stays a string.</summary>
    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            // A number with leading zeros, such as an account id, is a string.
            _ when text is ['0', _, ..] => JsonValue.Create(text),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
                JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
