using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Collector.Local.Template;

/// <summary>
/// Resolves CloudFormation's intrinsic functions over JSON nodes. Parameters and pseudo parameters are values; what a
/// resource answers to Ref and GetAtt, and what a secret holds, is asked of <paramref name="resources"/>.
/// </summary>
/// <param name="template">The template as <see cref="TemplateYaml"/> read it.</param>
/// <param name="values">Parameters and pseudo parameters (<c>AWS::Region</c> …): text, or an array for list types.</param>
/// <param name="resources">Answers for resources.</param>
internal sealed partial class Intrinsics(JsonObject template, IReadOnlyDictionary<string, JsonNode> values, IResourceValues resources)
{
    private const string NoValue = "AWS::NoValue";

    private readonly Dictionary<string, bool> conditions = [];
    private readonly HashSet<string> evaluating = [];

    /// <summary>A copy without intrinsics. Null where the whole of it is <c>AWS::NoValue</c>.</summary>
    public JsonNode? Resolve(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } single when single.First() is var (name, argument) && IsIntrinsic(name) => Call(name, argument),
        JsonObject mapping => ResolveMapping(mapping),
        JsonArray array => new JsonArray([.. array.Select(item => (item, resolved: Resolve(item)))
            .Where(pair => pair.item is null || pair.resolved is not null)
            .Select(pair => pair.resolved)]),
        JsonValue value when value.TryGetValue(out string? text) => JsonValue.Create(DynamicReferences(text)),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether the named entry of the template's Conditions holds.</summary>
    public bool Condition(string name)
    {
        if (conditions.TryGetValue(name, out var known))
            return known;
        if (template.Object("Conditions")?[name] is not { } condition)
            throw new TemplateException($"the condition {name} is not among the template's Conditions");
        if (!evaluating.Add(name))
            throw new TemplateException($"the condition {name} depends on itself");
        var holds = Truth(condition);
        evaluating.Remove(name);
        return conditions[name] = holds;
    }

    /// <summary>Whether a condition that stands by itself holds.</summary>
    public bool Holds(JsonNode? condition) => Truth(condition);

    private static bool IsIntrinsic(string name) => name is "Ref" || name.StartsWith("Fn::", StringComparison.Ordinal);

    private JsonObject ResolveMapping(JsonObject mapping)
    {
        var result = new JsonObject();
        foreach (var (name, value) in mapping)
        {
            var resolved = Resolve(value);
            if (resolved is not null || value is null)
                result[name] = resolved;
        }

        return result;
    }

    private JsonNode? Call(string name, JsonNode? argument) => name switch
    {
        "Ref" => Ref(Text(argument, name)),
        "Fn::Sub" => Sub(argument),
        "Fn::GetAtt" => GetAtt(argument),
        "Fn::If" => List(argument, name, 3) is [{ } condition, _, _] branches
            ? Resolve(branches[Condition(Text(condition, name)) ? 1 : 2])
            : null,
        "Fn::Equals" or "Fn::Not" or "Fn::And" or "Fn::Or" => JsonValue.Create(Truth(new JsonObject { [name] = argument?.DeepClone() })),
        "Fn::Join" => Join(argument),
        "Fn::Select" => Select(argument),
        "Fn::Split" => List(argument, name, 2) is [{ } by, { } text]
            ? new JsonArray([.. Text(Resolve(text), name).Split(Text(by, name)).Select(part => (JsonNode)part)])
            : null,
        "Fn::FindInMap" => FindInMap(argument),
        "Fn::Base64" => JsonValue.Create(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Text(Resolve(argument), name)))),
        _ => throw new TemplateException($"{name} is not known here"),
    };

    private JsonNode? Ref(string name)
    {
        if (name == NoValue)
            return null;
        return values.TryGetValue(name, out var value)
            ? value.DeepClone()
            : resources.Ref(name) is { } reference
                ? JsonValue.Create(reference)
                : throw new TemplateException($"Ref {name}: no parameter or resource has that name");
    }

    private JsonValue? GetAtt(JsonNode? argument)
    {
        var path = argument is JsonArray parts
            ? parts.Select(part => Text(Resolve(part), "Fn::GetAtt")).ToArray()
            : Text(argument, "Fn::GetAtt").Split('.', 2);
        if (path.Length < 2)
            throw new TemplateException("Fn::GetAtt needs a resource and an attribute");
        return JsonValue.Create(Attribute(path[0], string.Join('.', path[1..])));
    }

    private string Attribute(string resource, string attribute) => resources.GetAtt(resource, attribute)
        ?? throw new TemplateException($"GetAtt {resource}.{attribute}: no resource has that name");

    private JsonValue Sub(JsonNode? argument)
    {
        JsonObject? own = null;
        if (argument is JsonArray pair)
        {
            own = pair.Count == 2 && pair[1] is JsonObject variables ? variables : throw new TemplateException("Fn::Sub needs a text and a mapping");
            argument = pair[0];
        }

        var text = Variable().Replace(Text(argument, "Fn::Sub"), match =>
        {
            var name = match.Groups[1].Value.Trim();
            // ${!Literal} stands for ${Literal}.
            if (name.StartsWith('!'))
                return "${" + name[1..] + "}";
            if (own?.TryGetPropertyValue(name, out var value) == true)
                return Text(Resolve(value), "Fn::Sub");
            return name.Contains('.', StringComparison.Ordinal)
                ? Attribute(name.Split('.')[0], name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
                : Text(Ref(name), "Fn::Sub");
        });
        return JsonValue.Create(DynamicReferences(text));
    }

    private JsonValue Join(JsonNode? argument)
    {
        var parts = List(argument, "Fn::Join", 2);
        var items = Resolve(parts[1]) as JsonArray ?? throw new TemplateException("Fn::Join needs a list");
        return JsonValue.Create(DynamicReferences(string.Join(Text(parts[0], "Fn::Join"), items.Select(item => Text(item, "Fn::Join")))));
    }

    private JsonNode? Select(JsonNode? argument)
    {
        var parts = List(argument, "Fn::Select", 2);
        var items = Resolve(parts[1]) as JsonArray ?? throw new TemplateException("Fn::Select needs a list");
        var index = new JsonObject { ["i"] = Resolve(parts[0]) }.Number("i") ?? -1;
        return index >= 0 && index < items.Count
            ? items[index]?.DeepClone()
            : throw new TemplateException($"Fn::Select: the list has no item {index}");
    }

    private JsonNode? FindInMap(JsonNode? argument)
    {
        var keys = List(argument, "Fn::FindInMap", 3).Select(part => Text(Resolve(part), "Fn::FindInMap")).ToArray();
        return template.Object("Mappings").Object(keys[0]).Object(keys[1])?[keys[2]]?.DeepClone()
            ?? throw new TemplateException($"Fn::FindInMap: there is no {string.Join('.', keys)}");
    }

    private bool Truth(JsonNode? condition)
    {
        if (condition is not JsonObject { Count: 1 } single)
            return Text(Resolve(condition), "a condition") == "true";
        var (name, argument) = single.First();
        return name switch
        {
            "Condition" => Condition(Text(argument, name)),
            "Fn::Equals" => List(argument, name, 2) is [var left, var right]
                && JsonNode.DeepEquals(Comparable(Resolve(left)), Comparable(Resolve(right))),
            "Fn::Not" => !Truth(List(argument, name, 1)[0]),
            "Fn::And" => List(argument, name, null).All(Truth),
            "Fn::Or" => List(argument, name, null).Any(Truth),
            _ => Text(Resolve(condition), "a condition") == "true",
        };
    }

    /// <summary>CloudFormation compares scalars as text: true equals "true".</summary>
    private static JsonNode? Comparable(JsonNode? node) => Nodes.AsText(node) is { } text ? JsonValue.Create(text) : node;

    private static JsonArray List(JsonNode? argument, string name, int? count) =>
        argument is JsonArray list && (count is null || list.Count == count)
            ? list
            : throw new TemplateException(count is null ? $"{name} needs a list" : $"{name} needs a list of {count}");

    private static string Text(JsonNode? node, string name) =>
        Nodes.AsText(node) ?? throw new TemplateException($"{name} needs a text");

    /// <summary><c>{{resolve:secretsmanager:ID:SecretString:json-key:…}}</c>; the id may be an ARN, which holds seven parts itself.</summary>
    private string DynamicReferences(string text) => !text.Contains("{{resolve:", StringComparison.Ordinal)
        ? text
        : DynamicReference().Replace(text, match =>
        {
            var service = match.Groups[1].Value;
            if (service != "secretsmanager")
                throw new TemplateException($"{{{{resolve:{service}:…}}}} is not known here");
            var parts = match.Groups[2].Value.Split(':');
            var idParts = parts[0] == "arn" ? Math.Min(7, parts.Length) : 1;
            var key = parts.Length > idParts + 1 ? parts[idParts + 1] : "";
            var id = string.Join(':', parts[..idParts]);
            return resources.Secret(id, key) ?? throw new TemplateException($"the secret {id} is not one of the template's");
        });

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{resolve:([a-z-]+):([^}]*)\}\}")]
    private static partial Regex DynamicReference();
}
