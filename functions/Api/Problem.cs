namespace Collector.Api;

/// <summary>The table of all errors: HTTP status, title, and whether a client may try again.</summary>
internal sealed record Problem(int Status, string Title, bool Retryable = false)
{
    public static Problem BadRequest { get; } = new(400, "Bad Request");

    public static Problem Unauthorized { get; } = new(401, "Unauthorized");

    public static Problem NotFound { get; } = new(404, "Not Found");

    public static Problem TooLarge { get; } = new(413, "Content Too Large");

    public static Problem UnsupportedMediaType { get; } = new(415, "Unsupported Media Type");

    public static Problem Internal { get; } = new(500, "Internal Server Error");

    public static Problem Unavailable { get; } = new(503, "Service Unavailable", Retryable: true);

    /// <summary>
    /// The exception that ends a request with this problem. <paramref name="detail"/> is shown to the client: it says what to correct and
    /// quotes nothing that the client sent.
    /// </summary>
    public ProblemException With(string detail) => new(this, detail);
}
