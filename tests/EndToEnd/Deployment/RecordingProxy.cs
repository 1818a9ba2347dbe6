using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Collector.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>
/// A proxy between the functions and DynamoDB that records the operations of each function on each table. The access key identifies the
/// function: infra/Local gives each function its own.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly string[] PassedOn = ["X-Amz-Target", "Authorization", "X-Amz-Date", "X-Amz-Security-Token"];

    private readonly ConcurrentDictionary<StorageCall, bool> calls = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly WebApplication web;

    public RecordingProxy()
    {
        var port = Repository.FreePort();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        web = Web.Build(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
        web.Run(Handle);
    }

    public Uri Endpoint { get; }

    public Uri Target { get; set; } = new("http://127.0.0.1:1");

    public IReadOnlyCollection<StorageCall> Calls => [.. calls.Keys];

    public Task Start() => web.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        http.Dispose();
    }

    private async Task Handle(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Note(context.Request.Headers["X-Amz-Target"].ToString(), context.Request.Headers.Authorization.ToString(), body.ToArray());

        using var request = new HttpRequestMessage(HttpMethod.Post, Target) { Content = new ByteArrayContent(body.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        foreach (var name in PassedOn)
        {
            if (context.Request.Headers.TryGetValue(name, out var value)) request.Headers.TryAddWithoutValidation(name, value.ToString());
        }

        using var response = await http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Content-Length")) context.Response.Headers[name] = values.ToArray();
        }

        await context.Response.Body.WriteAsync(await response.Content.ReadAsByteArrayAsync(context.RequestAborted), context.RequestAborted);
    }

    private void Note(string target, string authorization, byte[] body)
    {
        // AWS4-HMAC-SHA256 Credential=EventsFunction/20261122/us-east-1/dynamodb/aws4_request, …
        var caller = authorization.Split("Credential=")[^1].Split('/')[0];
        var operation = target.Split('.')[^1];
        var request = JsonNode.Parse(body)!.AsObject();
        foreach (var (action, table) in Needs(operation, request)) calls.TryAdd(new StorageCall(caller, "dynamodb:" + action, table), true);
    }

    /// <summary>
    /// The actions that IAM checks: for a transaction its operations, for a batch its own name, and an index as a separate resource.
    /// </summary>
    private static IEnumerable<(string Action, string Table)> Needs(string operation, JsonObject request) => operation switch
    {
        "TransactWriteItems" or "TransactGetItems" =>
            request["TransactItems"]!.AsArray().SelectMany(item => item!.AsObject()).Select(action =>
            (action.Key switch { "ConditionCheck" => "ConditionCheckItem", var verb => verb + "Item" },
                (string)action.Value!["TableName"]!)),
        "BatchWriteItem" or "BatchGetItem" => request["RequestItems"]!.AsObject().Select(table => (operation, table.Key)),
        _ => [(operation, (string?)request["TableName"] + ((string?)request["IndexName"] is { } index ? "/index/" + index : ""))],
    };
}

/// <param name="Caller">The function's logical id.</param>
/// <param name="Action">The IAM name, such as <c>dynamodb:PutItem</c>.</param>
/// <param name="Resource">The table's name, or <c>table/index/name</c>.</param>
internal sealed record StorageCall(string Caller, string Action, string Resource);
