namespace Collector.Local.Gateway;

/// <summary>
/// An answer that a REST API gives without a function, with AWS's default status and message. The names are types of GatewayResponses.
/// </summary>
/// <param name="Type">The gateway response's type.</param>
/// <param name="Fallback">The type whose customisation applies when the template does not customise this one.</param>
/// <param name="Message">The message in the body. For 502, AWS writes the JSON with a space, as <paramref name="Body"/> does.</param>
/// <param name="ErrorType">The header <c>x-amzn-ErrorType</c>.</param>
internal sealed record GatewayAnswer(string Type, string Fallback, int Status, string Message, string ErrorType,
    string Body = """{"message":$context.error.messageString}""")
{
    public static readonly GatewayAnswer MissingAuthenticationToken =
        new("MISSING_AUTHENTICATION_TOKEN", "DEFAULT_4XX", 403, "Missing Authentication Token", "MissingAuthenticationTokenException");

    /// <summary>The path does not begin with the API's stage.</summary>
    public static readonly GatewayAnswer Forbidden = new("", "", 403, "Forbidden", "ForbiddenException");

    /// <summary>A body over 10 MB, or an event over Lambda's 6 MB. The host does not customise this answer.</summary>
    public static readonly GatewayAnswer TooLarge = new("", "", 413, "Request Too Long", "RequestEntityTooLargeException");

    public static readonly GatewayAnswer Throttled = new("THROTTLED", "DEFAULT_4XX", 429, "Too Many Requests", "TooManyRequestsException");

    public static readonly GatewayAnswer IntegrationFailed =
        new("INTEGRATION_FAILURE", "DEFAULT_5XX", 502, "Internal server error", "InternalServerErrorException",
            """{"message": $context.error.messageString}""");

    public static readonly GatewayAnswer IntegrationTimeout =
        new("INTEGRATION_TIMEOUT", "DEFAULT_5XX", 504, "Endpoint request timed out", "InternalServerErrorException");
}
