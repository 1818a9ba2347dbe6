using System.Text.Json.Nodes;

namespace Collector.Local.Template;

/// <summary>
/// The template's resources as this machine has them: names and ARNs in AWS's form, an account of zeros. Names that the
/// template leaves to CloudFormation are the stack's name and the logical id.
/// </summary>
/// <param name="secret">Gives the value of a secret by its logical id and resolved properties.</param>
internal sealed class LocalResources(JsonObject template, string stackName, Func<string, JsonObject, string> secret) : IResourceValues
{
    private const string Place = TemplateValues.Region + ":" + TemplateValues.Account;

    /// <summary>Set once the intrinsics exist, which need this object themselves.</summary>
    public Func<JsonNode?, JsonNode?> Resolve { get; set; } = node => node;

    public string? Ref(string logicalId) => Find(logicalId) is not { } resource
        ? null
        : resource.Text("Type") switch
        {
            "AWS::Serverless::Function" or "AWS::Lambda::Function" => Name(logicalId, resource, "FunctionName"),
            "AWS::DynamoDB::Table" => Name(logicalId, resource, "TableName"),
            "AWS::SecretsManager::Secret" => $"arn:aws:secretsmanager:{Place}:secret:{logicalId}-000000",
            "AWS::SQS::Queue" => $"https://sqs.{TemplateValues.Region}.amazonaws.com/{TemplateValues.Account}/{Name(logicalId, resource, "QueueName")}",
            "AWS::SNS::Topic" => $"arn:aws:sns:{Place}:{Name(logicalId, resource, "TopicName")}",
            _ => logicalId,
        };

    public string? GetAtt(string logicalId, string attribute) => Find(logicalId) is not { } resource
        ? null
        : (resource.Text("Type"), attribute) switch
        {
            ("AWS::DynamoDB::Table", "StreamArn") => $"arn:aws:dynamodb:{Place}:table/{Ref(logicalId)}/stream/local",
            ("AWS::DynamoDB::Table", _) => $"arn:aws:dynamodb:{Place}:table/{Ref(logicalId)}",
            ("AWS::Serverless::Function" or "AWS::Lambda::Function", "Arn") => $"arn:aws:lambda:{Place}:function:{Ref(logicalId)}",
            ("AWS::SQS::Queue", "Arn") => $"arn:aws:sqs:{Place}:{Name(logicalId, resource, "QueueName")}",
            ("AWS::SecretsManager::Secret", _) => Ref(logicalId),
            _ => $"{logicalId}.{attribute}",
        };

    /// <param name="id">A secret's ARN as <see cref="Ref"/> gives it, its name, or its logical id.</param>
    /// <param name="jsonKey">A field of a JSON secret, or empty.</param>
    public string? Secret(string id, string jsonKey)
    {
        foreach (var (logicalId, resource) in template.Object("Resources") ?? [])
        {
            if (resource.Text("Type") != "AWS::SecretsManager::Secret")
                continue;
            var properties = Resolve(resource.Object("Properties") ?? []) as JsonObject ?? [];
            if (id != logicalId && id != Ref(logicalId) && id != properties.Text("Name"))
                continue;
            var value = secret(logicalId, properties);
            return jsonKey.Length == 0 ? value : (JsonNode.Parse(value) as JsonObject).Text(jsonKey);
        }

        return null;
    }

    /// <summary>The logical id of a function by its name or ARN.</summary>
    public string? FunctionOf(string nameOrArn) => (template.Object("Resources") ?? [])
        .Where(pair => pair.Value.Text("Type") is "AWS::Serverless::Function" or "AWS::Lambda::Function")
        .Select(pair => pair.Key)
        .FirstOrDefault(id => nameOrArn == Ref(id) || nameOrArn == GetAtt(id, "Arn"));

    private JsonNode? Find(string logicalId) => template.Object("Resources")?[logicalId];

    private string Name(string logicalId, JsonNode? resource, string property) =>
        Nodes.AsText(Resolve(resource.Object("Properties")?[property])) ?? $"{stackName}-{logicalId}";
}
