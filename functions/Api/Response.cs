using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>Creates answers in the format of API Gateway.</summary>
internal static class Response
{
    public static APIGatewayProxyResponse Json<T>(T body, JsonTypeInfo<T> type, int status = 200) => new()
    {
        StatusCode = status,
        Headers = Headers("application/json"),
        Body = JsonSerializer.Serialize(body, type),
    };

    public static APIGatewayProxyResponse Text(string body, string contentType) =>
        new() { StatusCode = 200, Headers = Headers(contentType), Body = body };

    /// <summary>
    /// A problem as <c>application/problem+json</c> (RFC 9457). A retryable one has a <c>Retry-After</c> header in seconds.
    /// </summary>
    public static APIGatewayProxyResponse Of(Problem problem, string? detail)
    {
        var headers = Headers("application/problem+json");
        if (problem.Retryable) headers["Retry-After"] = "5";
        if (problem.Status == 401) headers["WWW-Authenticate"] = "Bearer";
        return new()
        {
            StatusCode = problem.Status,
            Headers = headers,
            Body = JsonSerializer.Serialize(new ProblemBody("about:blank", problem.Title, problem.Status, detail),
                AnswerJson.Default.ProblemBody),
        };
    }

    private static Dictionary<string, string> Headers(string contentType) => new()
    {
        ["Content-Type"] = contentType,
        ["Cache-Control"] = "no-store",
        ["X-Content-Type-Options"] = "nosniff",
    };
}

/// <summary>The members of RFC 9457.</summary>
internal sealed record ProblemBody(string Type, string Title, int Status, string? Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class AnswerJson : JsonSerializerContext;
