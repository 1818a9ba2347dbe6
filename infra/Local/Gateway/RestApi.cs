using Collector.Local.Hosting;
using Collector.Local.Lambda;
using Collector.Local.Template;

namespace Collector.Local.Gateway;

/// <summary>The template's REST API on this machine's loopback addresses.</summary>
internal sealed class RestApi(SamTemplate template, Func<string, IInvoker> invoker, HostLog log, TimeProvider time)
{
    /// <summary>The largest body that API Gateway accepts: 10 MB.</summary>
    private const int BodyBytes = 10 * 1024 * 1024;

    /// <summary>How long API Gateway waits for a function.</summary>
    private static readonly TimeSpan IntegrationTime = TimeSpan.FromSeconds(29);

    /// <summary>Headers that the gateway writes itself. A function's value for such a header is passed on under another name.</summary>
    private static readonly HashSet<string> Remapped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Content-MD5", "Date", "Server", "TE", "User-Agent", "Warn", "WWW-Authenticate",
    };

    private static readonly HashSet<string> Dropped =
        new(StringComparer.OrdinalIgnoreCase) { "Host", "Trailer", "Transfer-Encoding", "Upgrade" };

    private readonly Router router = new(template.Routes);
    private readonly ProxyEvent events = new(template.Api, time);
    private readonly GatewayResponses responses = new(template.Api.GatewayResponses);

    public async Task Handle(HttpContext context)
    {
        var began = time.GetTimestamp();
        var requestId = LambdaIds.New();
        var traceId = LambdaIds.Trace(time.GetUtcNow());
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        context.Response.Headers["x-amz-apigw-id"] = requestId.Replace("-", "", StringComparison.Ordinal)[..15] + "=";
        var resource = "-";
        ReadOnlyMemory<byte> body = default;
        try
        {
            var (path, query) = ProxyEvent.Target(context);
            var answer = await Answer(context, path, query, requestId, traceId, found => resource = found, answered => body = answered);
            if (answer is not null)
                await responses.Write(context, answer);
        }
        catch (Exception e) when (e is OperationCanceledException or BadHttpRequestException or IOException)
        {
            // The client disconnected before it had sent its body or got its answer.
            context.Abort();
            log.Line($"{context.Request.Method} {resource} aborted");
            return;
        }

        log.Request(context.Request.Method, resource, context.Response.StatusCode, time.GetElapsedTime(began), body);
    }

    /// <summary>Serves the request. Returns the gateway's own answer if one must still be written, otherwise null.</summary>
    private async Task<GatewayAnswer?> Answer(
        HttpContext context, string path, string query, string requestId, string traceId, Action<string> matched,
        Action<ReadOnlyMemory<byte>> answered)
    {
        var stage = "/" + template.Api.Stage;
        if (!path.StartsWith(stage, StringComparison.Ordinal) || path.Length > stage.Length && path[stage.Length] != '/')
            return GatewayAnswer.Forbidden;
        if (router.Find(context.Request.Method, path[stage.Length..]) is not { } match)
            return GatewayAnswer.MissingAuthenticationToken;
        matched(stage + match.Route.Path);
        if (await Bodies.Read(context.Request.Body, BodyBytes, context.RequestAborted) is not { } body)
            return GatewayAnswer.TooLarge;

        var payload = events.Write(context, match, path, query, body, requestId, traceId);
        var invocation = new Invocation(LambdaIds.New(), payload, traceId);
        InvocationResult result;
        try
        {
            // A client that disconnects does not end the invocation: Lambda finishes it.
            result = await invoker(match.Route.FunctionId).Invoke(invocation, CancellationToken.None).WaitAsync(IntegrationTime, time);
        }
        catch (TimeoutException)
        {
            return GatewayAnswer.IntegrationTimeout;
        }

        switch (result.Outcome)
        {
            case InvocationOutcome.TooLarge:
                return GatewayAnswer.TooLarge;
            case InvocationOutcome.Throttled:
                return GatewayAnswer.Throttled;
            case InvocationOutcome.Succeeded when ProxyAnswer.Parse(result.Payload) is { } proxied:
                context.Response.Headers["X-Amzn-Trace-Id"] = traceId;
                answered(proxied.Body);
                await Write(context, proxied);
                return null;
            default:
                return GatewayAnswer.IntegrationFailed;
        }
    }

    private static async Task Write(HttpContext context, ProxyAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            if (Dropped.Contains(name))
                continue;
            response.Headers.Append(Remapped.Contains(name) ? "x-amzn-Remapped-" + name : name, value);
        }

        if (!response.Headers.ContainsKey("Content-Type"))
            response.ContentType = "application/json";
        // A status without a body must not carry one.
        if (answer.Status is < 200 or 204 or 304)
            return;
        response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(answer.Body);
    }
}
