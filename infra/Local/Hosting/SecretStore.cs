using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Local.Hosting;

/// <summary>
/// Stands in for Secrets Manager: the operator's key is known, others are made at random once and kept beside the data
/// that depends on them, readable by the owner alone.
/// </summary>
/// <param name="file">Where they are kept; null keeps them for this run only.</param>
/// <param name="operatorKey">The value of the secret named OperatorKey.</param>
internal sealed class SecretStore(string? file, string operatorKey)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly JsonObject kept = DataFolder.Read(file);

    /// <param name="logicalId">The secret's name in the template.</param>
    /// <param name="properties">Its properties: SecretString, or GenerateSecretString.</param>
    public string Value(string logicalId, JsonObject properties)
    {
        if (logicalId == "OperatorKey")
            return operatorKey;
        if (properties.Text("SecretString") is { } literal)
            return literal;
        if (kept.Text(logicalId) is { } known)
            return known;

        var generate = properties.Object("GenerateSecretString");
        var password = RandomNumberGenerator.GetString(Letters, generate.Number("PasswordLength") ?? 32);
        if (generate.Text("GenerateStringKey") is { } key)
        {
            var document = JsonNode.Parse(generate.Text("SecretStringTemplate") ?? "{}") as JsonObject ?? [];
            document[key] = password;
            password = document.ToJsonString();
        }

        kept[logicalId] = password;
        DataFolder.Write(file, kept);
        return password;
    }
}
