using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.RuntimeSupport;

namespace Collector.Tests.Unit.AmazonLambda;

/// <summary>A function that runs against a <see cref="FakeRuntimeApi"/> until it is disposed of, with a readable log.</summary>
internal sealed class RunningFunction : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly MemoryStream log = new();
    private readonly LambdaBootstrap bootstrap;

    public RunningFunction(FakeRuntimeApi api, LambdaBootstrapBuilder builder, TimeProvider? clock = null)
    {
        var environment = new RuntimeEnvironment { Endpoint = api.Endpoint, FunctionName = "test", MemoryLimitInMB = 256 };
        bootstrap = builder.UseRuntime(environment, clock ?? TimeProvider.System, log).Build();
        Running = bootstrap.RunAsync(stop.Token);
    }

    public Task Running { get; }

    /// <summary>The log lines; read them after a result has arrived.</summary>
    public JsonNode[] Log =>
        [.. Encoding.UTF8.GetString(log.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];

    public string LogText => Encoding.UTF8.GetString(log.ToArray());

    public void Stop() => stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await ((Task)Task.WhenAny(Running));
        bootstrap.Dispose();
        stop.Dispose();
    }
}
