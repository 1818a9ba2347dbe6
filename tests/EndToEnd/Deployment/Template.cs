using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>template.yaml as JSON, read by infra/Local's reader, with intrinsics in their long form.</summary>
internal static class Template
{
    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "template.yaml");

    public static JsonObject Root { get; } = TemplateYaml.Parse(File.ReadAllText(Path));

    public static IEnumerable<KeyValuePair<string, JsonNode?>> Resources(string type) =>
        Root["Resources"]!.AsObject().Where(resource => (string?)resource.Value!["Type"] == type);

    public static IEnumerable<string> FunctionIds => Resources("AWS::Serverless::Function").Select(function => function.Key);

    public static JsonObject Properties(string logicalId) => Root["Resources"]![logicalId]!["Properties"]!.AsObject();

    /// <summary>The logical id of a function's role.</summary>
    public static string RoleOf(string functionId) => Properties(functionId)["Role"]?["Fn::GetAtt"] is JsonArray { Count: 2 } role
        ? (string)role[0]!
        : throw new InvalidOperationException($"{functionId} has no role of the template's");

    /// <summary>
    /// The statements in the documents of a role or managed policy, and in the template's policies that a role has, except FunctionBasics.
    /// </summary>
    public static IEnumerable<JsonObject> Statements(string logicalId)
    {
        var properties = Properties(logicalId);
        var documents = (properties["Policies"]?.AsArray() ?? []).Select(policy => policy!["PolicyDocument"]!)
            .Concat(OwnPolicies(logicalId).Except(["FunctionBasics"]).Select(policy => Properties(policy)["PolicyDocument"]!));
        if (properties["PolicyDocument"] is { } own) documents = documents.Append(own);
        return documents.SelectMany(document => document["Statement"]!.AsArray()).Select(statement => statement!.AsObject());
    }

    /// <summary>The template's managed policies that a role has; any other managed policy throws an exception.</summary>
    public static IEnumerable<string> OwnPolicies(string role) =>
        (Properties(role)["ManagedPolicyArns"]?.AsArray() ?? []).Select(policy => (string)policy!["Ref"]!);

    /// <summary>A function's events of one type: its routes (<c>Api</c>) or its streams (<c>DynamoDB</c>).</summary>
    public static IEnumerable<JsonObject> Events(string functionId, string type) => (Properties(functionId)["Events"]?.AsObject() ?? [])
        .Where(source => (string?)source.Value!["Type"] == type)
        .Select(source => source.Value!["Properties"]!.AsObject());

    /// <summary>A value or a list of values, as a list.</summary>
    public static IEnumerable<JsonNode> Many(JsonNode? node) =>
        node is JsonArray list ? list.Select(item => item!) : node is null ? [] : [node];
}
