using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace Collector.Tests.Fleet.Faults;

/// <summary>
/// This program's own collector: the local host with the repository's template, DynamoDB Local, and the proxy between them.
/// </summary>
internal sealed class OwnCollector(RunningCollector running, DynamoDbProxy proxy, DirectoryInfo folder) : IAsyncDisposable
{
    public const string Stack = "usage";
    public const string OperatorKey = "operator";

    public RunningCollector Running => running;

    public DynamoDbProxy Proxy => proxy;

    /// <param name="proxy">Creates the proxy from the collector's function processes, which are known when it runs.</param>
    /// <param name="shortTimeouts">The Aggregator times out after 15 seconds instead of the template's 60, so that timeouts are
    /// frequent.</param>
    public static async Task<OwnCollector> Start(
        Func<FunctionProcesses, DynamoDbProxy> proxy, bool shortTimeouts, params string[] arguments)
    {
        RunningCollector? running = null;
        var folder = Directory.CreateTempSubdirectory("collector-fleet-");
        var template = Path.Combine(folder.FullName, "template.yaml");
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "template.yaml"));
        await File.WriteAllTextAsync(template, shortTimeouts ? text.Replace("Timeout: 60", "Timeout: 15", StringComparison.Ordinal) : text);
        var between = proxy(new FunctionProcesses(() => running?.ProcessId ?? 0));
        running = await RunningCollector.Run(
            new RunningCollectorOptions { Template = template, Proxy = between.InFrontOf, Arguments = arguments });
        running.Client.Timeout = TimeSpan.FromSeconds(40);
        return new OwnCollector(running, between, folder);
    }

    /// <summary>A client of DynamoDB, directly or through the proxy.</summary>
    public IAmazonDynamoDB Client(bool throughProxy) => new AmazonDynamoDBClient(
        new BasicAWSCredentials("local", "local"),
        new AmazonDynamoDBConfig
        {
            ServiceURL = (throughProxy ? proxy.Endpoint : running.DynamoDb.Endpoint).ToString(),
            AuthenticationRegion = "us-east-1",
            Timeout = TimeSpan.FromSeconds(throughProxy ? 2 : 60),
            MaxErrorRetry = 2,
        });

    public async ValueTask DisposeAsync()
    {
        await running.DisposeAsync();
        await proxy.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
