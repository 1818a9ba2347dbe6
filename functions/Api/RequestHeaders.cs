using System.Net.Http.Headers;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

internal static class RequestHeaders
{
    /// <summary>
    /// A header's value; null when it is missing. The case of the name does not matter: names arrive as the client wrote them.
    /// </summary>
    public static string? Header(this APIGatewayProxyRequest request, string name)
    {
        if (request.Headers is null) return null;
        foreach (var (key, value) in request.Headers)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }

    /// <summary>The token of <c>Authorization: Bearer …</c>; null when there is none.</summary>
    public static string? BearerToken(this APIGatewayProxyRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Header("Authorization");
        if (header is null || !header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        return header.AsSpan(scheme.Length).Trim() is { Length: > 0 } token ? token.ToString() : null;
    }

    /// <summary>Whether <c>Accept</c> prefers text/csv to JSON.</summary>
    public static bool PrefersCsv(this APIGatewayProxyRequest request)
    {
        var csv = 0.0;
        var json = 0.0;
        foreach (var part in request.Header("Accept")?.Split(',') ?? [])
        {
            if (!MediaTypeWithQualityHeaderValue.TryParse(part, out var type)) continue;
            var quality = type.Quality ?? 1;
            if (string.Equals(type.MediaType, "text/csv", StringComparison.OrdinalIgnoreCase)) csv = quality;
            else if (type.MediaType is "application/json") json = quality;
        }

        return csv > json;
    }
}
