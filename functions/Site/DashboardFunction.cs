using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;

namespace Collector.Site;

/// <summary>
/// The web page: <c>GET /</c> and <c>GET /assets/*</c>, from files read at start-up. A path is only a key in <paramref name="files"/> and
/// never reaches the file system.
/// </summary>
/// <param name="files">The page.</param>
/// <param name="compress">Whether the gateway can pass on compressed files. Not every gateway decodes base64 for every client.</param>
internal sealed class DashboardFunction(DashboardFiles files, bool compress = true)
{
    public Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var name = request.Resource == "/" ? DashboardFiles.Index : "assets/" + request.PathParameters?["proxy"];
        var file = files.Find(name, compress ? request.Header("Accept-Encoding") : null)
            ?? throw Problem.NotFound.With(name == DashboardFiles.Index
            ? "This collector was built without its page. Build it with infra/web.sh. The API is available without the page."
            : "This file does not exist. The page may have been updated. Reload it.");
        var headers = new Dictionary<string, string>
        {
            ["ETag"] = file.Tag,
            ["Vary"] = "Accept-Encoding",
            // The name of an asset changes with its content; the name of the page does not.
            ["Cache-Control"] = file.IsHashed ? "public, max-age=31536000, immutable" : "public, max-age=60",
            ["Content-Security-Policy"] = files.SecurityPolicy,
            ["Cross-Origin-Opener-Policy"] = "same-origin",
            ["Cross-Origin-Resource-Policy"] = "same-origin",
            ["Referrer-Policy"] = "no-referrer",
            ["X-Content-Type-Options"] = "nosniff",
        };
        if (IsKnown(request.Header("If-None-Match"), file.Tag)) return Task.FromResult(
            new APIGatewayProxyResponse { StatusCode = 304, Headers = headers });

        headers["Content-Type"] = file.ContentType;
        if (file.Encoding is not null) headers["Content-Encoding"] = file.Encoding;
        return Task.FromResult(new APIGatewayProxyResponse { StatusCode = 200, Headers = headers, Body = file.Body,
            IsBase64Encoded = file.IsBase64 });
    }

    /// <summary>
    /// Whether the client already has the file (RFC 9110, 13.1.2): one of its tags matches, compared weakly, or it sent a star.
    /// </summary>
    private static bool IsKnown(string? tags, string tag) =>
        tags is not null && tags.Split(',', StringSplitOptions.TrimEntries)
            .Any(known => known == "*" || (known.StartsWith("W/", StringComparison.Ordinal) ? known[2..] : known) == tag);
}
