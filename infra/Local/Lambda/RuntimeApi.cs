using System.Globalization;
using System.Net;
using Collector.Local.Hosting;
using Collector.Local.Template;

namespace Collector.Local.Lambda;

/// <summary>
/// Lambda's Runtime API (version 2018-06-01) on its own port. The path prefix that each environment gets in AWS_LAMBDA_RUNTIME_API
/// identifies its requests.
/// </summary>
internal sealed class RuntimeApi : IAsyncDisposable
{
    private readonly WebApplication app;
    private IReadOnlyList<FunctionPool> pools = [];

    private RuntimeApi(WebApplication app) => this.app = app;

    /// <summary>host:port.</summary>
    public string Address { get; private set; } = "";

    public static async Task<RuntimeApi> Start()
    {
        var app = Web.Build(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var api = new RuntimeApi(app);
        const string Prefix = "/{environment}/2018-06-01/runtime";
        app.MapGet(Prefix + "/invocation/next", api.Next);
        app.MapPost(Prefix + "/invocation/{request}/response", (HttpContext context, string environment, string request) =>
            api.Finish(context, environment, request, InvocationOutcome.Succeeded));
        app.MapPost(Prefix + "/invocation/{request}/error", (HttpContext context, string environment, string request) =>
            api.Finish(context, environment, request, InvocationOutcome.FunctionError));
        app.MapPost(Prefix + "/init/error", api.InitError);
        await app.StartAsync();
        api.Address = new Uri(app.Urls.First()).Authority;
        return api;
    }

    public void Serve(IReadOnlyList<FunctionPool> functionPools) => pools = functionPools;

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    private async Task Next(HttpContext context, string environment)
    {
        if (Find(environment) is not var (pool, owner))
        {
            await Answer(context, StatusCodes.Status403Forbidden, "InvalidEnvironment");
            return;
        }

        Invocation invocation;
        try
        {
            invocation = await owner.Next(context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            context.Abort();
            return;
        }

        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] = owner.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = Arn(pool.Function);
        headers["Lambda-Runtime-Trace-Id"] = invocation.TraceId;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = invocation.Payload.Length;
        await context.Response.Body.WriteAsync(invocation.Payload);
    }

    private async Task Finish(HttpContext context, string environment, string request, InvocationOutcome outcome)
    {
        var owner = Find(environment)?.Owner;
        var answer = await Bodies.Read(context.Request.Body, LambdaLimits.PayloadBytes, context.RequestAborted);
        if (answer is null)
        {
            // Lambda fails the invocation and tells the runtime, which continues.
            owner?.Finish(request, InvocationOutcome.FunctionError, default);
            await Answer(context, StatusCodes.Status413PayloadTooLarge, "Function.ResponseSizeTooLarge");
        }
        else if (owner?.Finish(request, outcome, answer.Value) == true)
            await Answer(context, StatusCodes.Status202Accepted, null);
        else
            await Answer(context, StatusCodes.Status400BadRequest, "InvalidRequestID");
    }

    private async Task InitError(HttpContext context, string environment)
    {
        await Answer(context, StatusCodes.Status202Accepted, null);
        Find(environment)?.Owner.FailInit();
    }

    private static Task Answer(HttpContext context, int status, string? errorType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(errorType is null
            ? """{"status": "OK"}"""
            : $$"""{"errorMessage": "{{errorType}}", "errorType": "{{errorType}}"}""");
    }

    private (FunctionPool Pool, FunctionEnvironment Owner)? Find(string environment)
    {
        foreach (var pool in pools)
        {
            if (pool.Find(environment) is { } owner)
                return (pool, owner);
        }

        return null;
    }

    internal static string Arn(FunctionDefinition function) =>
        $"arn:aws:lambda:{TemplateValues.Region}:{TemplateValues.Account}:function:{function.Name}";
}
