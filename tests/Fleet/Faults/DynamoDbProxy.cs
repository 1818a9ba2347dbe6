using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace Collector.Tests.Fleet.Faults;

/// <summary>A proxy between functions and DynamoDB: passes calls on, injects faults, and adds up the cost of the calls.</summary>
/// <param name="faults">Draws the faults; null passes everything on.</param>
/// <param name="processes">Finds the function that made a call.</param>
/// <param name="shards">Ends shards of the streams; null leaves them unchanged.</param>
internal sealed class DynamoDbProxy(
    StoreFaults? faults, FunctionProcesses? processes, ShardEnds? shards, Capacity? capacity, TimeProvider time) : IAsyncDisposable
{
    // The functions' SDK gives up after two seconds (Store.CreateClient).
    private static readonly TimeSpan TooLate = TimeSpan.FromSeconds(2.3);

    private static readonly string[] Passed = ["Content-Type", "x-amzn-RequestId"];
    private readonly HttpClient upstream = new(new SocketsHttpHandler { MaxConnectionsPerServer = 128 });
    private readonly int port = Repository.FreePort();
    private WebApplication? web;
    private Uri dynamoDb = new("http://127.0.0.1:1");

    public Uri Endpoint => new($"http://127.0.0.1:{port}");

    /// <summary>Starts the proxy in front of DynamoDB.</summary>
    public Uri InFrontOf(Uri endpoint)
    {
        dynamoDb = endpoint;
        if (web is null)
        {
            web = Web.Build(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
            web.Run(Handle);
            web.Start();
        }

        return Endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        if (web is not null) await web.DisposeAsync();
        upstream.Dispose();
    }

    private async Task Handle(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        // Read here, because it is lost when the connection closes.
        var port = context.Connection.RemotePort;
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        var operation = target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..];
        if (shards is not null && ShardEnds.Concerns(operation))
        {
            await ReadStream(context, operation, body, shards);
            return;
        }

        // The host creates tables and reads streams; its calls suffer no faults.
        var fault = operation is "PutItem" or "UpdateItem" or "GetItem" or "BatchGetItem" or "Query" ? faults?.Next(operation)
            ?? StoreFault.None : StoreFault.None;
        switch (fault)
        {
            case StoreFault.Outage or StoreFault.RequestLost:
                context.Abort();
                return;
            case StoreFault.Throttled:
                await Error(context, 400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                    "The level of configured provisioned throughput for the table was exceeded.");
                return;
            case StoreFault.ServerError:
                await Error(context, 500, "com.amazonaws.dynamodb.v20120810#InternalServerError", "Internal server error");
                return;
            case StoreFault.TooLate:
                await Task.Delay(TooLate, time);
                break;
            case StoreFault.KilledBefore:
                Signal(port, "KILL");
                context.Abort();
                return;
            case StoreFault.TimedOut:
                Signal(port, "STOP");
                break;
        }

        HttpResponseMessage answer;
        try
        {
            answer = await Forward(context.Request, capacity is null ? body : Capacity.Asked(operation, body));
        }
        catch (HttpRequestException)
        {
            context.Abort();
            return;
        }

        using (answer)
        {
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            capacity?.Add(operation, body, bytes);
            if (fault == StoreFault.KilledAfter) Signal(port, "KILL");
            if (fault is StoreFault.AnswerLost or StoreFault.KilledAfter)
            {
                context.Abort();
                return;
            }

            await Answer(context, answer, bytes, cut: fault == StoreFault.AnswerCut);
        }
    }

    private async Task ReadStream(HttpContext context, string operation, byte[] body, ShardEnds shards)
    {
        var asked = JsonNode.Parse(body)!.AsObject();
        using var answer = await Forward(
            context.Request, Encoding.UTF8.GetBytes(shards.Request(operation, asked.DeepClone().AsObject()).ToJsonString()));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (answer.IsSuccessStatusCode) bytes = Encoding.UTF8.GetBytes(
            shards.Answer(operation, asked, JsonNode.Parse(bytes)!.AsObject()).ToJsonString());
        await Answer(context, answer, bytes, cut: false);
    }

    private static async Task Answer(HttpContext context, HttpResponseMessage answer, byte[] bytes, bool cut)
    {
        try
        {
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var name in Passed)
            {
                if (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values))
                    context.Response.Headers[name] = values.First();
            }

            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(cut ? bytes.AsMemory(0, bytes.Length / 2) : bytes);
            await context.Response.Body.FlushAsync();
            if (cut) context.Abort();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller has ended.
        }
    }

    private async Task<HttpResponseMessage> Forward(HttpRequest request, byte[] body)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, dynamoDb);
        message.Content = new ByteArrayContent(body);
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType ?? "application/x-amz-json-1.0");
        foreach (var name in (ReadOnlySpan<string>)["X-Amz-Target", "Authorization", "X-Amz-Date"])
            message.Headers.TryAddWithoutValidation(name, request.Headers[name].ToString());
        return await upstream.SendAsync(message);
    }

    private void Signal(int port, string signal)
    {
        if (processes?.OfConnection(port) is { } id) FunctionProcesses.Signal(id, signal);
    }

    private static async Task Error(HttpContext context, int status, string type, string message)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"__type":"{{type}}","message":"{{message}}"}""");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.0";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
