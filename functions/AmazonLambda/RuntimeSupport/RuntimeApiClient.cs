using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// The four calls of Lambda's Runtime API (version 2018-06-01). There is one invocation at a time, so buffers and addresses are reused. If
/// it cannot continue (the endpoint does not answer, or not as specified), it throws an <see cref="HttpRequestException"/> whose message is
/// one line that says what to check.
/// </summary>
internal sealed class RuntimeApiClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpClient http;
    private readonly bool ownsHttp;
    private readonly string endpoint;
    private readonly string invocations;
    private readonly Uri next;
    private readonly MemoryStream error = new();

    public RuntimeApiClient(HttpClient? httpClient, string endpoint)
    {
        this.endpoint = endpoint;
        invocations = $"http://{endpoint.TrimEnd('/')}/2018-06-01/runtime/invocation/";
        next = Uri.TryCreate(invocations + "next", UriKind.Absolute, out var uri)
            ? uri
            : throw new InvalidOperationException("AWS_LAMBDA_RUNTIME_API must be host:port, with or without a path.");
        ownsHttp = httpClient is null;
        http = httpClient ?? CreateHttpClient();

        // The next event may be hours away, and Lambda freezes the process while it waits.
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>Waits for the next event and reads it.</summary>
    /// <param name="body">Is emptied, filled with the event and set to its start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The headers that came with it.</returns>
    public async Task<InvocationHeaders> NextAsync(MemoryStream body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK) throw Refused("to a request for an event", response.StatusCode);

            body.SetLength(0);
            if (response.Content.Headers.ContentLength is { } length and <= int.MaxValue) body.Capacity =
                Math.Max(body.Capacity, (int)length);
            await response.Content.CopyToAsync(body, cancellationToken);
            body.Position = 0;

            return new InvocationHeaders(
                Header(response, "Lambda-Runtime-Aws-Request-Id")
                    ?? throw Refused("with an event without a request id", response.StatusCode),
                Header(response, "Lambda-Runtime-Invoked-Function-Arn") ?? "",
                Header(response, "Lambda-Runtime-Trace-Id"),
                long.TryParse(
                    Header(response, "Lambda-Runtime-Deadline-Ms"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                    ? milliseconds
                    : null);
        }
        catch (Exception e) when (IsTransport(e, cancellationToken))
        {
            throw Gone(e);
        }
    }

    /// <summary>Sends the answer to an event.</summary>
    /// <returns>The status of the Runtime API: 202 when it accepted the answer, 413 when the answer is too long.</returns>
    public Task<HttpStatusCode> RespondAsync(string requestId, MemoryStream response) =>
        PostAsync(InvocationUri(requestId, "/response"), response, null);

    /// <summary>Reports that an event could not be handled.</summary>
    public Task<HttpStatusCode> ReportErrorAsync(string requestId, string message, string type) =>
        PostErrorAsync(InvocationUri(requestId, "/error"), message, type);

    /// <summary>Reports that the function could not start.</summary>
    public Task<HttpStatusCode> ReportInitErrorAsync(string message, string type) =>
        PostErrorAsync(new Uri(next, "../init/error"), message, type);

    public void Dispose()
    {
        if (ownsHttp) http.Dispose();
        error.Dispose();
    }

    /// <summary>The Runtime API is on the same machine: plain HTTP/1.1, no proxy lookup, one permanent connection.</summary>
    private static HttpClient CreateHttpClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    });

    private async Task<HttpStatusCode> PostErrorAsync(Uri uri, string message, string type)
    {
        error.SetLength(0);
        ErrorReport.Write(error, message, type);
        return await PostAsync(uri, error, type);
    }

    private async Task<HttpStatusCode> PostAsync(Uri uri, MemoryStream body, string? errorType)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri);
            request.Content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
            request.Content.Headers.ContentType = Json;
            if (errorType is not null) request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", errorType);
            // Only the status of the answer is read.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);

            // AWS documents 500 as a state that cannot be recovered from: the runtime must exit.
            if (response.StatusCode >= HttpStatusCode.InternalServerError) throw Refused("to a result", response.StatusCode);
            return response.StatusCode;
        }
        catch (Exception e) when (IsTransport(e, CancellationToken.None))
        {
            throw Gone(e);
        }
    }

    /// <summary>Whether the connection failed. An answer with a status is <see cref="Refused"/> instead.</summary>
    private static bool IsTransport(Exception e, CancellationToken cancellationToken) =>
        e is IOException or HttpRequestException { StatusCode: null }
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private HttpRequestException Gone(Exception e) =>
        new($"The Lambda Runtime API at {endpoint} does not answer; the function ends.", e);

    private HttpRequestException Refused(string what, HttpStatusCode status) =>
        new($"The Lambda Runtime API at {endpoint} answered {(int)status} {what}; the function ends.", null, status);

    private Uri InvocationUri(string requestId, string end) => new(invocations + Uri.EscapeDataString(requestId) + end);

    private static string? Header(HttpResponseMessage response, string name)
    {
        if (!response.Headers.NonValidated.TryGetValues(name, out var values)) return null;
        foreach (var value in values) return value;
        return null;
    }
}
