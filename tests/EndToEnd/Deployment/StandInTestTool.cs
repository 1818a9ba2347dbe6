using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Collector.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>
/// Replaces AWS's local test tool: one Runtime API for all functions, each under its name (<c>host:port/FunctionName</c>), and events like
/// those of its API Gateway emulator in REST mode, which have no requestContext. Like the tool, it begins to listen some time after its
/// program has started.
/// </summary>
internal sealed class StandInTestTool : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Channel<(string Id, string Event)>> events = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> answers = new();
    private readonly WebApplication web;
    private int invocations;

    public StandInTestTool()
    {
        web = Web.Build(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = HttpProtocols.Http1));
        web.Run(Serve);
    }

    public int Port { get; } = Repository.FreePort();

    /// <summary>Begins to listen.</summary>
    public Task Listen() => web.StartAsync();

    public ValueTask DisposeAsync() => web.DisposeAsync();

    /// <summary>Sends a request to a function as its route would, and returns the proxy answer.</summary>
    public async Task<JsonNode> Send(string function, string method, string path, string? body = null, string? token = null)
    {
        var id = Interlocked.Increment(ref invocations).ToString(CultureInfo.InvariantCulture);
        var answer = answers[id] = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var headers = new JsonObject { ["Content-Type"] = "application/json" };
        if (token is not null) headers["Authorization"] = "Bearer " + token;
        var request = new JsonObject { ["resource"] = path, ["path"] = path, ["httpMethod"] = method, ["headers"] = headers,
            ["requestContext"] = null, ["body"] = body };
        await EventsOf(function).Writer.WriteAsync((id, request.ToJsonString()));
        return JsonNode.Parse(await answer.Task.WaitAsync(TimeSpan.FromSeconds(60)))!;
    }

    private async Task Serve(HttpContext context)
    {
        switch (context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["lambda-runtime-api", "healthcheck"]:
                break;
            case [var function, "2018-06-01", "runtime", "invocation", "next"]:
                var (next, body) = await EventsOf(function).Reader.ReadAsync(context.RequestAborted);
                context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = next;
                context.Response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:us-west-2:123412341234:function:"
                    + function;
                await context.Response.WriteAsync(body);
                break;
            case [_, "2018-06-01", "runtime", "invocation", var id, "response" or "error"]:
                using (var reader = new StreamReader(context.Request.Body)) answers[id].TrySetResult(await reader.ReadToEndAsync());
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private Channel<(string Id, string Event)> EventsOf(string function) =>
        events.GetOrAdd(function, _ => Channel.CreateUnbounded<(string, string)>());
}
