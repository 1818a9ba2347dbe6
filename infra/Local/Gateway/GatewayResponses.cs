using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Local.Gateway;

/// <summary>Writes the gateway's own answers, customised by the API's GatewayResponses in the template.</summary>
/// <param name="customised">SAM's GatewayResponses: type to StatusCode, ResponseTemplates, ResponseParameters.</param>
internal sealed class GatewayResponses(JsonObject customised)
{
    public async Task Write(HttpContext context, GatewayAnswer answer)
    {
        var custom = customised.Object(answer.Type) ?? customised.Object(answer.Fallback);
        var (mediaType, template) = custom.Object("ResponseTemplates")?.FirstOrDefault() is { Key: { } type, Value: { } text }
            ? (type, Nodes.AsText(text)!)
            : ("application/json", answer.Body);

        context.Response.StatusCode = custom.Number("StatusCode") ?? answer.Status;
        context.Response.ContentType = mediaType;
        context.Response.Headers["x-amzn-ErrorType"] = answer.ErrorType;
        foreach (var (name, value) in custom.Object("ResponseParameters").Object("Headers") ?? [])
        {
            // A static value is in single quotes. Other values are mapped from the request, which template.yaml does not use.
            if (Nodes.AsText(value) is ['\'', .. var literal, '\''])
                context.Response.Headers[name] = literal;
        }

        await context.Response.WriteAsync(
            template.Replace("$context.error.messageString", Quoted(answer.Message), StringComparison.Ordinal));
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
