using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Local.Hosting;

/// <summary>
/// Replaces Secrets Manager: the operator key is given. Other secrets are generated once and kept in the data folder, where only the owner
/// can read them.
/// </summary>
/// <param name="file">Where they are kept; null keeps them for this run only.</param>
/// <param name="operatorKey">The value of the secret named OperatorKey.</param>
internal sealed class SecretStore(string? file, string operatorKey)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly JsonObject kept = DataFolder.Read(file);

    /// <param name="logicalId">The secret's name in the template.</param>
    /// <param name="properties">Its properties, with the length to generate.</param>
    public string Value(string logicalId, JsonObject properties)
    {
        if (logicalId == "OperatorKey")
            return operatorKey;
        if (kept.Text(logicalId) is { } known)
            return known;

        var password = RandomNumberGenerator.GetString(Letters, properties.Object("GenerateSecretString").Number("PasswordLength") ?? 32);
        kept[logicalId] = password;
        DataFolder.Write(file, kept);
        return password;
    }
}
