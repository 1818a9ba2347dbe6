using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Collector.Tests.Unit.AmazonLambda;

/// <summary>
/// Lambda's Runtime API in this process: its four routes over a real socket. <see cref="Enqueue"/> adds events, and
/// <see cref="ResultAsync"/> returns the function's bytes.
/// </summary>
internal sealed class FakeRuntimeApi : IAsyncDisposable
{
    /// <summary>The longest time that a test waits; only a failing test reaches it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication app;
    private readonly string path;
    private readonly Channel<Invocation> events = Channel.CreateUnbounded<Invocation>();
    private readonly Channel<Result> results = Channel.CreateUnbounded<Result>();
    private int requests;

    private FakeRuntimeApi(WebApplication app, string path) => (this.app, this.path) = (app, path);

    /// <summary>The value for AWS_LAMBDA_RUNTIME_API: host, port and, if there is one, the path.</summary>
    public string Endpoint => new Uri(app.Urls.First()).Authority + path;

    /// <summary>The status that answers a posted response; 202 unless a test sets another.</summary>
    public HttpStatusCode ResponseStatus { get; set; } = HttpStatusCode.Accepted;

    /// <summary>The status that answers a request for the next event; 200 unless a test sets another.</summary>
    public HttpStatusCode NextStatus { get; set; } = HttpStatusCode.OK;

    /// <summary>The number of requests of any kind.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <param name="path">A path before the routes, where AWS's test tool puts the function's name: "" or "/Name".</param>
    public static async Task<FakeRuntimeApi> StartAsync(string path = "")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var api = new FakeRuntimeApi(app, path);
        app.Run(api.ServeAsync);
        await app.StartAsync();
        return api;
    }

    /// <summary>Queues an event for the function.</summary>
    /// <param name="body">JSON, in UTF-8.</param>
    /// <param name="requestId">Returned with the result.</param>
    /// <param name="deadlineMs">Unix time in milliseconds; null leaves the header out.</param>
    /// <param name="traceId">Null leaves the header out.</param>
    public void Enqueue(string body, string requestId = "request-1", long? deadlineMs = null, string? traceId = null) =>
        events.Writer.TryWrite(new Invocation(requestId, Encoding.UTF8.GetBytes(body), deadlineMs, traceId));

    /// <summary>The next result that the function posted.</summary>
    public async Task<Result> ResultAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await results.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        events.Writer.TryComplete();
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        var prefix = path + "/2018-06-01/runtime/";
        var route = context.Request.Path.Value!;
        if (!route.StartsWith(prefix, StringComparison.Ordinal))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var parts = route[prefix.Length..].Split('/');
        switch (context.Request.Method, parts)
        {
            case ("GET", ["invocation", "next"]):
                await NextAsync(context);
                break;
            case ("POST", ["invocation", var id, "response" or "error"]):
                await TakeAsync(context, id, parts[2], parts[2] == "response" ? ResponseStatus : HttpStatusCode.Accepted);
                break;
            case ("POST", ["init", "error"]):
                await TakeAsync(context, "", "init error", HttpStatusCode.Accepted);
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    private async Task NextAsync(HttpContext context)
    {
        context.Response.StatusCode = (int)NextStatus;
        if (NextStatus != HttpStatusCode.OK) return;

        Invocation invocation;
        try
        {
            invocation = await events.Reader.ReadAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            context.Abort();
            return;
        }

        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:us-east-1:000000000000:function:test";
        if (invocation.DeadlineMs is { } deadline) headers["Lambda-Runtime-Deadline-Ms"] = deadline.ToString(CultureInfo.InvariantCulture);
        if (invocation.TraceId is { } trace) headers["Lambda-Runtime-Trace-Id"] = trace;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = invocation.Body.Length;
        await context.Response.Body.WriteAsync(invocation.Body);
    }

    private async Task TakeAsync(HttpContext context, string requestId, string kind, HttpStatusCode status)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.StatusCode = (int)status;
        await results.Writer.WriteAsync(new Result(
            requestId, kind, body.ToArray(), context.Request.Headers["Lambda-Runtime-Function-Error-Type"], context.Request.ContentType));
    }

    /// <summary>A result that the function posted; <c>Kind</c> is <c>response</c>, <c>error</c> or <c>init error</c>.</summary>
    internal sealed record Result(string RequestId, string Kind, byte[] Body, string? ErrorType, string? ContentType)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }

    private sealed record Invocation(string RequestId, byte[] Body, long? DeadlineMs, string? TraceId);
}
