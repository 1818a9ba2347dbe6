namespace Collector.Local.Template;

/// <summary>What the template's resources answer, as far as they exist on this machine. Null: no such resource.</summary>
internal interface IResourceValues
{
    string? Ref(string logicalId);

    string? GetAtt(string logicalId, string attribute);

    /// <param name="id">A secret's name or ARN.</param>
    /// <param name="jsonKey">The field of a JSON secret, or empty for the whole.</param>
    string? Secret(string id, string jsonKey);
}
