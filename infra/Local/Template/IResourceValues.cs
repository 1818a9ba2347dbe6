namespace Collector.Local.Template;

/// <summary>
/// What Ref, GetAtt and references to secrets return for a resource on this machine; null when there is no such resource.
/// </summary>
internal interface IResourceValues
{
    string? Ref(string logicalId);

    string? GetAtt(string logicalId, string attribute);

    /// <param name="arn">As <see cref="Ref"/> gives it.</param>
    string? Secret(string arn);
}
