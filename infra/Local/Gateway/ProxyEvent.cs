using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Collector.Local.Template;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Collector.Local.Gateway;

/// <summary>Writes the event that a REST API sends to Lambda for a request (payload version 1).</summary>
internal sealed class ProxyEvent(ApiDefinition api, TimeProvider time)
{
    /// <summary>Headers of the connection, which API Gateway does not pass on.</summary>
    private static readonly HashSet<string> ConnectionHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
    };

    /// <summary>Nothing reads this as HTML, so only the characters that JSON requires are escaped.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">The path as it was sent, with the stage.</param>
    /// <param name="query">Without the question mark.</param>
    public byte[] Write(HttpContext context, RouteMatch match, string path, string query, ReadOnlyMemory<byte> body, string requestId,
        string traceId)
    {
        var now = time.GetUtcNow();
        var request = context.Request;
        var headers = request.Headers
            .Where(header => !ConnectionHeaders.Contains(header.Key))
            .ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
        var source = context.Connection.RemoteIpAddress?.ToString() ?? "";
        headers["X-Amzn-Trace-Id"] = traceId;
        headers["X-Forwarded-For"] = headers.TryGetValue("X-Forwarded-For", out var before) ? $"{before}, {source}" : source;
        headers["X-Forwarded-Port"] = context.Connection.LocalPort.ToString(CultureInfo.InvariantCulture);
        headers["X-Forwarded-Proto"] = "http";

        var buffer = new MemoryStream(body.Length * 4 / 3 + 4096);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("resource", match.Route.Path);
            json.WriteString("path", path[(api.Stage.Length + 1)..] is "" ? "/" : path[(api.Stage.Length + 1)..]);
            json.WriteString("httpMethod", request.Method);
            Values(json, "headers", "multiValueHeaders", headers);
            Values(json, "queryStringParameters", "multiValueQueryStringParameters", QueryHelpers.ParseNullableQuery(query) ?? []);
            Map(json, "pathParameters", match.Parameters);
            json.WriteNull("stageVariables");
            json.WriteStartObject("requestContext");
            json.WriteString("resourceId", "local");
            json.WriteString("resourcePath", match.Route.Path);
            json.WriteString("httpMethod", request.Method);
            json.WriteString("extendedRequestId", requestId);
            json.WriteString("requestTime", now.ToString("dd/MMM/yyyy:HH:mm:ss zz00", CultureInfo.InvariantCulture));
            json.WriteNumber("requestTimeEpoch", now.ToUnixTimeMilliseconds());
            json.WriteString("path", path);
            json.WriteString("accountId", TemplateValues.Account);
            json.WriteString("protocol", request.Protocol);
            json.WriteString("stage", api.Stage);
            json.WriteString("domainPrefix", "local");
            json.WriteString("requestId", requestId);
            json.WriteString("domainName", request.Host.Value);
            json.WriteString("apiId", "local");
            json.WriteStartObject("identity");
            json.WriteString("sourceIp", source);
            json.WriteString("userAgent", request.Headers.UserAgent.LastOrDefault());
            json.WriteEndObject();
            json.WriteEndObject();
            Body(json, request.ContentType, body);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The path and the query as they were sent, undecoded.</summary>
    public static (string Path, string Query) Target(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "/";
        // The absolute form, as proxies send it.
        if (!target.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out var uri))
            target = uri.PathAndQuery;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
    }

    private void Body(Utf8JsonWriter json, string? contentType, ReadOnlyMemory<byte> body)
    {
        var binary = IsBinary(contentType);
        if (body.IsEmpty)
            json.WriteNull("body");
        else if (binary)
            json.WriteBase64String("body", body.Span);
        else
            json.WriteString("body", Encoding.UTF8.GetString(body.Span));
        json.WriteBoolean("isBase64Encoded", binary && !body.IsEmpty);
    }

    private bool IsBinary(string? contentType)
    {
        var sent = contentType?.Split(';')[0].Trim();
        return api.BinaryMediaTypes.Any(type => type == "*/*"
            || string.Equals(type, sent, StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("/*", StringComparison.Ordinal) && sent?.StartsWith(type[..^1], StringComparison.OrdinalIgnoreCase) == true);
    }

    /// <summary>Writes each name's last value and all its values; both maps are null if there are no names.</summary>
    private static void Values(Utf8JsonWriter json, string single, string multiple, Dictionary<string, StringValues> values)
    {
        Map(json, single, values.Count == 0 ? null : values.ToDictionary(pair => pair.Key, pair => pair.Value.LastOrDefault() ?? ""));
        if (values.Count == 0)
        {
            json.WriteNull(multiple);
            return;
        }

        json.WriteStartObject(multiple);
        foreach (var (name, all) in values)
        {
            json.WriteStartArray(name);
            foreach (var value in all)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in values)
            json.WriteString(key, value);
        json.WriteEndObject();
    }
}
