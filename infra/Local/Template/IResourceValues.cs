namespace Collector.Local.Template;

/// <summary>
/// The values of Ref, GetAtt and references to secrets for a resource on this machine; null if the resource does not exist.
/// </summary>
internal interface IResourceValues
{
    string? Ref(string logicalId);

    string? GetAtt(string logicalId, string attribute);

    /// <param name="arn">As <see cref="Ref"/> gives it.</param>
    string? Secret(string arn);
}
