using System.Text.Json.Nodes;

namespace Collector.Local.Template;

/// <summary>
/// The template's resources on this machine: names and ARNs in AWS's form, with an account id of zeros. Where CloudFormation would generate
/// a name, the name consists of the stack's name and the logical id.
/// </summary>
/// <param name="secret">Gives the value of a secret by its logical id and properties.</param>
internal sealed class LocalResources(JsonObject template, string stackName, Func<string, JsonObject, string> secret) : IResourceValues
{
    private const string Place = TemplateValues.Region + ":" + TemplateValues.Account;

    /// <summary>Set after the intrinsics are created, because these need this object.</summary>
    public Func<JsonNode?, JsonNode?> Resolve { get; set; } = node => node;

    public string? Ref(string logicalId) => Find(logicalId) is not { } resource
        ? null
        : resource.Text("Type") switch
        {
            "AWS::Serverless::Function" => $"{stackName}-{logicalId}",
            "AWS::DynamoDB::Table" => Nodes.AsText(Resolve(resource.Object("Properties")?["TableName"])) ?? $"{stackName}-{logicalId}",
            "AWS::SecretsManager::Secret" => $"arn:aws:secretsmanager:{Place}:secret:{logicalId}-000000",
            _ => logicalId,
        };

    public string? GetAtt(string logicalId, string attribute) => Find(logicalId) is not { } resource
        ? null
        : (resource.Text("Type"), attribute) switch
        {
            ("AWS::DynamoDB::Table", "StreamArn") => $"arn:aws:dynamodb:{Place}:table/{Ref(logicalId)}/stream/local",
            ("AWS::DynamoDB::Table", _) => $"arn:aws:dynamodb:{Place}:table/{Ref(logicalId)}",
            ("AWS::Serverless::Function", "Arn") => $"arn:aws:lambda:{Place}:function:{Ref(logicalId)}",
            ("AWS::SQS::Queue", "Arn") => $"arn:aws:sqs:{Place}:{stackName}-{logicalId}",
            _ => $"{logicalId}.{attribute}",
        };

    public string? Secret(string arn)
    {
        foreach (var (logicalId, resource) in template.Object("Resources") ?? [])
        {
            if (resource.Text("Type") == "AWS::SecretsManager::Secret" && arn == Ref(logicalId))
                return secret(logicalId, resource.Object("Properties") ?? []);
        }

        return null;
    }

    private JsonNode? Find(string logicalId) => template.Object("Resources")?[logicalId];
}
