using Collector.Local.Template;

namespace Collector.Local.Hosting;

/// <summary>Reads the template that the options name, with their parameters and this machine's secrets.</summary>
internal static class TemplateFile
{
    private const string StackName = "usage";

    /// <exception cref="HostException">The file cannot be read.</exception>
    /// <exception cref="TemplateException">The template or a parameter has an error.</exception>
    public static SamTemplate Read(LocalOptions options)
    {
        string yaml;
        try
        {
            yaml = File.ReadAllText(options.Template);
        }
        catch (IOException)
        {
            throw new HostException($"{options.Template} cannot be read.");
        }

        var parameters = new Dictionary<string, string>(options.Parameters);
        // On one machine counts should appear soon; in AWS, longer windows cost less.
        foreach (var window in (ReadOnlySpan<string>)["AggregationWindowSeconds", "AnonymousWindowSeconds"])
        {
            if (SamTemplate.HasParameter(yaml, window)) parameters.TryAdd(window, "1");
        }

        var operatorKey = Environment.GetEnvironmentVariable("OPERATOR_KEY") is { Length: > 0 } given ? given : "operator";
        var secrets = options.Data is { } folder && Directory.Exists(folder) ? Path.Combine(folder, "secrets.json") : null;
        return SamTemplate.Read(yaml, StackName, parameters, new SecretStore(secrets, operatorKey).Value);
    }
}
