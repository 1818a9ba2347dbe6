using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Puts a handler and what it needs into a <see cref="LambdaBootstrap"/>.</summary>
public class LambdaBootstrapBuilder
{
    private readonly InvocationHandler handler;
    private HttpClient? httpClient;
    private LambdaBootstrapInitializer? initializer;
    private RuntimeEnvironment? environment;
    private TimeProvider clock = TimeProvider.System;
    private Stream? log;

    private LambdaBootstrapBuilder(InvocationHandler handler) => this.handler = handler;

    /// <summary>A handler of bytes. What it returns is read to its end and disposed of.</summary>
    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task<Stream>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(async (request, context, response) =>
        {
            using var output = await handler(request, context);
            if (output is not null) await output.CopyToAsync(response);
        });
    }

    /// <summary>The client for the Runtime API; its time-out is set to none. It is not disposed of.</summary>
    public LambdaBootstrapBuilder UseHttpClient(HttpClient httpClient)
    {
        this.httpClient = httpClient;
        return this;
    }

    /// <summary>What is done before the first event is asked for; if it throws, Lambda is told so and the function ends.</summary>
    public LambdaBootstrapBuilder UseBootstrapHandler(LambdaBootstrapInitializer initializer)
    {
        this.initializer = initializer;
        return this;
    }

    /// <exception cref="InvalidOperationException">AWS_LAMBDA_RUNTIME_API is missing or not an address.</exception>
    public LambdaBootstrap Build() =>
        new(handler, initializer, httpClient, environment ?? RuntimeEnvironment.FromProcess(), clock, log ?? Console.OpenStandardOutput());

    /// <summary>For tests: another environment, clock and log than the process has.</summary>
    internal LambdaBootstrapBuilder UseRuntime(RuntimeEnvironment environment, TimeProvider clock, Stream log)
    {
        (this.environment, this.clock, this.log) = (environment, clock, log);
        return this;
    }
}
