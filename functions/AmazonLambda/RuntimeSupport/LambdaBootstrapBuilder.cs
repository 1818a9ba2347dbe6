using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Builds a <see cref="LambdaBootstrap"/> for a handler.</summary>
public class LambdaBootstrapBuilder
{
    private readonly InvocationHandler handler;
    private HttpClient? httpClient;
    private LambdaBootstrapInitializer? initializer;
    private RuntimeEnvironment? environment;
    private TimeProvider clock = TimeProvider.System;
    private Stream? log;

    private LambdaBootstrapBuilder(InvocationHandler handler) => this.handler = handler;

    /// <summary>A handler of bytes. The stream that it returns is read to its end and disposed.</summary>
    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task<Stream>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(async (request, context, response) =>
        {
            using var output = await handler(request, context);
            if (output is not null) await output.CopyToAsync(response);
        });
    }

    /// <summary>The client for the Runtime API. Its time-out is switched off, and it is not disposed.</summary>
    public LambdaBootstrapBuilder UseHttpClient(HttpClient httpClient)
    {
        this.httpClient = httpClient;
        return this;
    }

    /// <summary>Runs before the first event is requested. If it throws, the error is reported to Lambda and the function ends.</summary>
    public LambdaBootstrapBuilder UseBootstrapHandler(LambdaBootstrapInitializer initializer)
    {
        this.initializer = initializer;
        return this;
    }

    /// <exception cref="InvalidOperationException">AWS_LAMBDA_RUNTIME_API is missing or not an address.</exception>
    public LambdaBootstrap Build() =>
        new(handler, initializer, httpClient, environment ?? RuntimeEnvironment.FromProcess(), clock, log ?? Console.OpenStandardOutput());

    /// <summary>For tests: an environment, a clock and a log other than those of the process.</summary>
    internal LambdaBootstrapBuilder UseRuntime(RuntimeEnvironment environment, TimeProvider clock, Stream log)
    {
        (this.environment, this.clock, this.log) = (environment, clock, log);
        return this;
    }
}
