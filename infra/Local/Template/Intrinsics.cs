using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Collector.Local.Template;

/// <summary>
/// Resolves the intrinsic functions that template.yaml uses: Ref, Sub, GetAtt, If, the conditions, and references to secrets. Parameters
/// and pseudo parameters have values; <paramref name="resources"/> gives the values of resources and secrets.
/// </summary>
/// <param name="template">The template as <see cref="TemplateYaml"/> read it.</param>
/// <param name="values">Parameters and pseudo parameters (<c>AWS::Region</c> …), as text.</param>
/// <param name="resources">Answers for resources.</param>
internal sealed partial class Intrinsics(JsonObject template, IReadOnlyDictionary<string, JsonNode> values, IResourceValues resources)
{
    private const string NoValue = "AWS::NoValue";

    private readonly Dictionary<string, bool> conditions = [];
    private readonly HashSet<string> evaluating = [];

    /// <summary>A copy without intrinsics. Null if the whole node is <c>AWS::NoValue</c>.</summary>
    public JsonNode? Resolve(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } single when single.First() is var (name, argument) && IsIntrinsic(name) => Call(name, argument),
        JsonObject mapping => ResolveMapping(mapping),
        JsonArray array => new JsonArray([.. array.Select(item => (item, resolved: Resolve(item)))
            .Where(pair => pair.item is null || pair.resolved is not null)
            .Select(pair => pair.resolved)]),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether the named entry of the template's Conditions holds.</summary>
    public bool Condition(string name)
    {
        if (conditions.TryGetValue(name, out var known))
            return known;
        if (template.Object("Conditions")?[name] is not { } condition)
            throw new TemplateException($"the template has no condition {name}");
        if (!evaluating.Add(name))
            throw new TemplateException($"the condition {name} depends on itself");
        var holds = Truth(condition);
        evaluating.Remove(name);
        return conditions[name] = holds;
    }

    /// <summary>Whether a condition without a name, written in place, holds.</summary>
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
        _ => throw new TemplateException($"{name} is not supported here"),
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

    private JsonValue GetAtt(JsonNode? argument)
    {
        var path = List(argument, "Fn::GetAtt", 2);
        return JsonValue.Create(Attribute(Text(path[0], "Fn::GetAtt"), Text(path[1], "Fn::GetAtt")));
    }

    private string Attribute(string resource, string attribute) => resources.GetAtt(resource, attribute)
        ?? throw new TemplateException($"GetAtt {resource}.{attribute}: no resource has that name");

    private JsonValue Sub(JsonNode? argument) => JsonValue.Create(DynamicReferences(Variable().Replace(Text(argument, "Fn::Sub"), match =>
    {
        var name = match.Groups[1].Value;
        return name.Split('.', 2) is [var resource, var attribute] ? Attribute(resource, attribute) : Text(Ref(name), "Fn::Sub");
    })));

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
        Nodes.AsText(node) ?? throw new TemplateException($"{name} needs a string");

    /// <summary><c>{{resolve:secretsmanager:ID}}</c> is the whole secret; the id is an ARN as returned by Ref.</summary>
    private string DynamicReferences(string text) => !text.Contains("{{resolve:", StringComparison.Ordinal)
        ? text
        : DynamicReference().Replace(text, match => match.Groups[1].Value != "secretsmanager"
            ? throw new TemplateException($"{{{{resolve:{match.Groups[1].Value}:…}}}} is not supported here")
            : resources.Secret(match.Groups[2].Value)
                ?? throw new TemplateException($"the template has no secret {match.Groups[2].Value}"));

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{resolve:([a-z-]+):([^}]*)\}\}")]
    private static partial Regex DynamicReference();
}
