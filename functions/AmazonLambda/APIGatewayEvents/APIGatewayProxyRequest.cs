using System.Text.Json.Serialization;

namespace Amazon.Lambda.APIGatewayEvents;

/// <summary>A request to a REST API with Lambda proxy integration (payload version 1).</summary>
public class APIGatewayProxyRequest
{
    /// <summary>The route as the API declares it, for example <c>/stacks/{session}</c>.</summary>
    [JsonPropertyName("resource")]
    public string? Resource { get; set; }

    /// <summary>The requested path, without the stage.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; set; }

    [JsonPropertyName("httpMethod")]
    public string? HttpMethod { get; set; }

    /// <summary>The headers, with names in the case that the client sent; the last value of each.</summary>
    [JsonPropertyName("headers")]
    public IDictionary<string, string>? Headers { get; set; }

    [JsonPropertyName("multiValueHeaders")]
    public IDictionary<string, IList<string>>? MultiValueHeaders { get; set; }

    /// <summary>The query parameters, decoded; the last value of each.</summary>
    [JsonPropertyName("queryStringParameters")]
    public IDictionary<string, string>? QueryStringParameters { get; set; }

    [JsonPropertyName("multiValueQueryStringParameters")]
    public IDictionary<string, IList<string>>? MultiValueQueryStringParameters { get; set; }

    /// <summary>The path parameters, still percent-encoded.</summary>
    [JsonPropertyName("pathParameters")]
    public IDictionary<string, string>? PathParameters { get; set; }

    [JsonPropertyName("stageVariables")]
    public IDictionary<string, string>? StageVariables { get; set; }

    /// <summary>Null from AWS's local test tool.</summary>
    [JsonPropertyName("requestContext")]
    public ProxyRequestContext? RequestContext { get; set; }

    /// <summary>The body, in base64 if <see cref="IsBase64Encoded"/>; null when there is none.</summary>
    [JsonPropertyName("body")]
    public string? Body { get; set; }

    [JsonPropertyName("isBase64Encoded")]
    public bool IsBase64Encoded { get; set; }

    /// <summary>API Gateway's information about the request.</summary>
    public class ProxyRequestContext
    {
        [JsonPropertyName("path")]
        public string? Path { get; set; }

        [JsonPropertyName("accountId")]
        public string? AccountId { get; set; }

        [JsonPropertyName("resourceId")]
        public string? ResourceId { get; set; }

        [JsonPropertyName("stage")]
        public string? Stage { get; set; }

        [JsonPropertyName("requestId")]
        public string? RequestId { get; set; }

        [JsonPropertyName("identity")]
        public RequestIdentity? Identity { get; set; }

        [JsonPropertyName("resourcePath")]
        public string? ResourcePath { get; set; }

        [JsonPropertyName("httpMethod")]
        public string? HttpMethod { get; set; }

        [JsonPropertyName("apiId")]
        public string? ApiId { get; set; }

        [JsonPropertyName("extendedRequestId")]
        public string? ExtendedRequestId { get; set; }

        [JsonPropertyName("domainName")]
        public string? DomainName { get; set; }

        /// <summary>The time as in an access log: <c>22/Nov/2026:07:32:46 +0000</c>.</summary>
        [JsonPropertyName("requestTime")]
        public string? RequestTime { get; set; }

        /// <summary>Unix time in milliseconds.</summary>
        [JsonPropertyName("requestTimeEpoch")]
        public long RequestTimeEpoch { get; set; }
    }

    /// <summary>The caller, as far as API Gateway knows it.</summary>
    public class RequestIdentity
    {
        [JsonPropertyName("sourceIp")]
        public string? SourceIp { get; set; }

        [JsonPropertyName("userAgent")]
        public string? UserAgent { get; set; }
    }
}
