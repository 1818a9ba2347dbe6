using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Local.Hosting;

/// <summary>Answers the other scripts' questions about the template, so that only one program reads it.</summary>
internal static class TemplateCommands
{
    public const string Check = "check";
    public const string Routes = "routes";
    public const string Functions = "functions";

    /// <summary>Prints the answer. <c>check</c> prints nothing: it only fails when the template has an error.</summary>
    public static void Run(string command, SamTemplate template, TextWriter output)
    {
        switch (command)
        {
            case Routes:
                output.WriteLine(RouteConfiguration(template));
                break;
            case Functions:
                foreach (var function in template.Functions) output.WriteLine(Line(function));
                break;
        }
    }

    /// <summary>The value of APIGATEWAY_EMULATOR_ROUTE_CONFIG for AWS's local test tool.</summary>
    private static string RouteConfiguration(SamTemplate template) => new JsonArray([.. template.Routes.Select(route => new JsonObject
    {
        ["LambdaResourceName"] = route.FunctionId,
        ["HttpMethod"] = route.Method,
        ["Path"] = route.Path,
    })]).ToJsonString();

    /// <summary>A function's name, its handler and its variables as <c>NAME=value</c>, separated by tabs.</summary>
    private static string Line(FunctionDefinition function) =>
        string.Join('\t', (string[])[function.LogicalId, function.Handler,
            .. function.Variables.Select(variable => $"{variable.Key}={variable.Value}")]);
}
