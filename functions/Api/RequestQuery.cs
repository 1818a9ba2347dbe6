using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>Query and path parameters. A value of the wrong form throws the 400 problem, which describes the required form.</summary>
internal static class RequestQuery
{
    /// <summary>A query parameter's value; null when it is missing or empty.</summary>
    public static string? Query(this APIGatewayProxyRequest request, string name) =>
        request.QueryStringParameters is { } parameters && parameters.TryGetValue(name, out var value) && value is { Length: > 0 }
            ? value : null;

    /// <summary>A whole number from 1 to <paramref name="most"/>.</summary>
    public static int QueryNumber(this APIGatewayProxyRequest request, string name, int most, int otherwise)
    {
        if (request.Query(name) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number : throw Problem.BadRequest.With(
                string.Create(CultureInfo.InvariantCulture, $"The parameter {name} must be a number from 1 to {most}."));
    }

    /// <summary>One of the allowed values; the first of them when the parameter is missing.</summary>
    public static string QueryOneOf(this APIGatewayProxyRequest request, string name, params ReadOnlySpan<string> allowed)
    {
        var value = request.Query(name);
        if (value is null) return allowed[0];
        foreach (var one in allowed)
        {
            if (one == value) return one;
        }

        throw Problem.BadRequest.With($"The parameter {name} must be one of {string.Join(", ", allowed.ToArray())}.");
    }

    /// <summary>A path parameter, decoded, because API Gateway passes it on percent-encoded; null when it is missing.</summary>
    public static string? PathParameter(this APIGatewayProxyRequest request, string name) =>
        request.PathParameters is { } parameters && parameters.TryGetValue(name, out var value) && value is not null
            ? Uri.UnescapeDataString(value) : null;
}
