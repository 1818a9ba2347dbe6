using System.Net;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Takes events from Lambda's Runtime API, one after the other, and returns the handler's answers.</summary>
public class LambdaBootstrap : IDisposable
{
    /// <summary>Lambda's longest time-out, for an event without a deadline.</summary>
    private static readonly TimeSpan LongestInvocation = TimeSpan.FromMinutes(15);

    private readonly InvocationHandler handler;
    private readonly LambdaBootstrapInitializer? initializer;
    private readonly RuntimeEnvironment environment;
    private readonly TimeProvider clock;
    private readonly RuntimeApiClient api;
    private readonly JsonLogger logger;
    private readonly MemoryStream request = new();
    private readonly MemoryStream response = new();

    internal LambdaBootstrap(
        InvocationHandler handler,
        LambdaBootstrapInitializer? initializer,
        HttpClient? httpClient,
        RuntimeEnvironment environment,
        TimeProvider clock,
        Stream log)
    {
        this.handler = handler;
        this.initializer = initializer;
        this.environment = environment;
        this.clock = clock;
        api = new RuntimeApiClient(httpClient, environment.Endpoint);
        logger = new JsonLogger(log, clock, environment.LogLevel);
    }

    /// <summary>
    /// Runs until it is cancelled, and then returns after the current invocation. An exception of the handler is reported, and the next
    /// event is served.
    /// </summary>
    /// <exception cref="HttpRequestException">The Runtime API no longer answers; the message is one line for the log.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (initializer is not null && !await InitializeAsync(initializer)) return;
            while (!cancellationToken.IsCancellationRequested) await InvokeOnceAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Cancelled while it waited for an event.
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        api.Dispose();
        logger.Dispose();
        request.Dispose();
        response.Dispose();
    }

    private async Task<bool> InitializeAsync(LambdaBootstrapInitializer initialize)
    {
        try
        {
            return await initialize();
        }
        catch (Exception e)
        {
            // No event has been read yet, so the message cannot quote one.
            await api.ReportInitErrorAsync(e.Message, e.GetType().Name);
            throw;
        }
    }

    private async Task InvokeOnceAsync(CancellationToken cancellationToken)
    {
        var headers = await api.NextAsync(request, cancellationToken);
        logger.Enter(headers.RequestId, headers.TraceId);
        var deadline = headers.DeadlineMs is { } milliseconds
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds)
            : clock.GetUtcNow() + LongestInvocation;
        var context = new InvocationContext(environment, clock, logger, headers.RequestId, headers.FunctionArn, deadline);

        try
        {
            response.SetLength(0);
            await handler(request, context, response);
        }
#pragma warning disable CA1031 // An exception of the handler fails only this invocation.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.Log(LogLevel.Error, e, "The invocation failed.");
            Check(await api.ReportErrorAsync(headers.RequestId, e.Message, e.GetType().Name));
            return;
        }

        var status = await api.RespondAsync(headers.RequestId, response);
        if (status == HttpStatusCode.RequestEntityTooLarge)
        {
            status = await api.ReportErrorAsync(headers.RequestId, "The response is longer than Lambda allows.",
                "Function.ResponseSizeTooLarge");
        }

        Check(status);
    }

    /// <summary>Lambda refuses a result for an invocation that it has ended (a time-out). This can only be logged.</summary>
    private void Check(HttpStatusCode status)
    {
        if (status != HttpStatusCode.Accepted) logger.Log(LogLevel.Warning, "Lambda did not take the result: {status}.", (int)status);
    }
}
