using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Collector.Local.Template;

/// <summary>The values of parameters (given, or the default) and of pseudo parameters.</summary>
internal static class TemplateValues
{
    public const string Region = "us-east-1";
    public const string Account = "000000000000";

    /// <exception cref="TemplateException">A parameter is unknown, has no value, or has a value that its constraints forbid.</exception>
    public static Dictionary<string, JsonNode> Of(JsonObject template, string stackName, IReadOnlyDictionary<string, string> given)
    {
        var values = new Dictionary<string, JsonNode>
        {
            ["AWS::StackName"] = stackName,
            ["AWS::StackId"] = $"arn:aws:cloudformation:{Region}:{Account}:stack/{stackName}/local",
            ["AWS::Region"] = Region,
            ["AWS::AccountId"] = Account,
            ["AWS::Partition"] = "aws",
            ["AWS::URLSuffix"] = "amazonaws.com",
        };
        var parameters = template.Object("Parameters") ?? [];
        foreach (var name in given.Keys.Where(name => !parameters.ContainsKey(name)))
            throw new TemplateException($"there is no parameter {name}");
        foreach (var (name, parameter) in parameters)
            values[name] = Value(name, parameter, given.GetValueOrDefault(name));
        return values;
    }

    private static JsonNode Value(string name, JsonNode? parameter, string? given)
    {
        var type = parameter.Text("Type") ?? "String";
        var text = given ?? parameter.Text("Default")
            ?? throw new TemplateException($"the parameter {name} has no default: set it with --parameter {name}=…");
        if (parameter.List("AllowedValues").ToArray() is { Length: > 0 } allowed && !allowed.Any(value => Nodes.AsText(value) == text))
            throw new TemplateException($"the parameter {name} must be one of {string.Join(", ", allowed.Select(Nodes.AsText))}");
        if (parameter.Text("AllowedPattern") is { } pattern
            && !Regex.IsMatch(text, $"^(?:{pattern})$", RegexOptions.None, TimeSpan.FromSeconds(1)))
            throw new TemplateException(
                $"the parameter {name} {parameter.Text("ConstraintDescription") ?? $"must match {pattern}"}");
        if (type == "Number" && (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || number < (parameter.Number("MinValue") ?? double.MinValue)
            || number > (parameter.Number("MaxValue") ?? double.MaxValue)))
            throw new TemplateException(
                $"the parameter {name} must be a number from {parameter.Text("MinValue") ?? "…"} to {parameter.Text("MaxValue") ?? "…"}");
        return text;
    }
}
