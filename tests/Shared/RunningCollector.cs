using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Collector.Tests;

/// <summary>Options for <see cref="RunningCollector"/>; the defaults run the collector.</summary>
public sealed record RunningCollectorOptions
{
    /// <summary>The template.</summary>
    public string Template { get; init; } = Path.Combine(Repository.Root, "template.yaml");

    /// <summary>The folder with <c>bootstrap</c>.</summary>
    public string Functions { get; init; } = Repository.Functions;

    /// <summary>More options for the host: <c>--parameter</c>, <c>--concurrency</c> …</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// Whether the host starts DynamoDB Local itself, as infra/run.sh does. The fixture's <c>DynamoDb</c> is then not used.
    /// </summary>
    public bool HostStartsDynamoDb { get; init; }

    /// <summary>Returns the address of a proxy for DynamoDB, which the functions use instead.</summary>
    public Func<Uri, Uri>? Proxy { get; init; }

    /// <summary>More environment variables for the host.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// The collector as infra/run.sh starts it: the real host process on free ports, functions as processes, and DynamoDB Local. As a fixture
/// it runs this repository's template; <see cref="Run"/> takes other options. When COLLECTOR_URL is set, the fixture represents the
/// collector at that address, with the operator key OPERATOR_KEY, and tests that need more than HTTP, or other options, are skipped.
/// </summary>
public sealed partial class RunningCollector : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    /// <summary>The address of a deployed collector to test; null starts one on this machine.</summary>
    private static readonly string? Remote = Environment.GetEnvironmentVariable("COLLECTOR_URL") is { Length: > 0 } url ? url : null;

    private readonly RunningCollectorOptions options;
    private readonly bool asDeployed;
    private readonly DynamoDbLocal dynamoDb = new();
    private readonly HttpClient client;
    private readonly Uri baseAddress;
    private readonly int port = Repository.FreePort();
    private readonly int dynamoDbPort;
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("collector-host-");
    private readonly List<string> earlier = [];
    private OwnedProcess? host;

    public RunningCollector()
        : this(new RunningCollectorOptions(), asDeployed: true)
    {
    }

    private RunningCollector(RunningCollectorOptions options, bool asDeployed)
    {
        this.options = options;
        this.asDeployed = asDeployed;
        dynamoDbPort = options.HostStartsDynamoDb ? Repository.FreePort() : dynamoDb.Port;
        baseAddress = Remote is null ? new Uri($"http://localhost:{port}/v1/") : new Uri(Remote.TrimEnd('/') + "/");
        client = new HttpClient { BaseAddress = baseAddress };
    }

    /// <summary>
    /// Whether the collector at COLLECTOR_URL was deployed with the parameter Target=localstack, which COLLECTOR_TARGET states.
    /// </summary>
    public static bool IsOnLocalStack => Environment.GetEnvironmentVariable("COLLECTOR_TARGET") == "localstack";

    /// <summary>The operator key.</summary>
    public static string OperatorKey => Remote is null ? "operator" : Environment.GetEnvironmentVariable("OPERATOR_KEY")
        ?? throw new InvalidOperationException("COLLECTOR_URL is set, and OPERATOR_KEY is not.");

    public int Port => OfThisMachine(port);

    /// <summary>The stage's address, with a final slash: <c>new Uri(BaseAddress, "events")</c>.</summary>
    public Uri BaseAddress => asDeployed ? baseAddress : OfThisMachine(baseAddress);

    public HttpClient Client => asDeployed ? client : OfThisMachine(client);

    /// <summary>The collector's database, which a test can stop, start and read.</summary>
    public DynamoDbLocal DynamoDb => OfThisMachine(dynamoDb);

    /// <summary>The port on which DynamoDB itself listens.</summary>
    public int DynamoDbPort => OfThisMachine(dynamoDbPort);

    /// <summary>The host's data folder: secrets.json, checkpoints.json, failures.jsonl.</summary>
    public string Data => OfThisMachine(data.FullName);

    /// <summary>All output of the host and its functions, from all runs.</summary>
    public IReadOnlyList<string> Output => OfThisMachine<IReadOnlyList<string>>([.. earlier, .. host?.Output ?? []]);

    /// <summary>The host's process id.</summary>
    public int ProcessId => OfThisMachine(host)!.Id;

    /// <summary>Starts a collector; the caller disposes of it.</summary>
    public static async Task<RunningCollector> Run(RunningCollectorOptions options)
    {
        var collector = new RunningCollector(options, asDeployed: false);
        await collector.InitializeAsync();
        return collector;
    }

    /// <summary>Skips a test that needs its own collector when a deployed one is tested.</summary>
    public static void MustBeOfThisMachine() => OfThisMachine(0);

    public async Task InitializeAsync()
    {
        if (Remote is not null)
            return;
        try
        {
            if (!options.HostStartsDynamoDb)
                await dynamoDb.Start();
            await StartHost();
        }
        catch
        {
            // xunit does not dispose a fixture whose initialisation failed.
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the host with the data of its last run, and waits until it is ready.</summary>
    public async Task StartHost()
    {
        MustBeOfThisMachine();
        if (!File.Exists(Repository.LocalHost))
            throw new InvalidOperationException("The local host is not built: run infra/test.sh.");
        host = OwnedProcess.Start(
            Repository.LocalHost,
            [
                "--verbose", "--template", options.Template, "--functions", options.Functions, "--data", Data,
                "--port", Port.ToString(CultureInfo.InvariantCulture),
                "--dynamodb-home", DynamoDbLocal.Home,
                .. options.HostStartsDynamoDb
                    ? new[] { "--dynamodb-port", DynamoDbPort.ToString(CultureInfo.InvariantCulture) }
                    : ["--dynamodb-url", (options.Proxy?.Invoke(dynamoDb.Endpoint) ?? dynamoDb.Endpoint).ToString()],
                .. options.Arguments,
            ],
            environment: new Dictionary<string, string>(options.Environment) { ["OPERATOR_KEY"] = "" });
        await host.WaitForLine(line => line.StartsWith("ready: ", StringComparison.Ordinal), StartLimit);
    }

    /// <summary>Ends the host as Ctrl-C does (TERM) or as in a crash (KILL), and waits until it has ended.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopHost(string signal = "TERM")
    {
        MustBeOfThisMachine();
        host!.Signal(signal);
        await host.WaitForExit(TimeSpan.FromSeconds(30));
        var code = host.ExitCode;
        earlier.AddRange(host.Output);
        await host.DisposeAsync();
        host = null;
        return code;
    }

    /// <summary>The ids of a function's current processes, by the function's logical id (<c>EventsFunction</c>).</summary>
    public IReadOnlyList<int> FunctionProcesses(string logicalId) =>
        [.. Output.Select(line => StartedLine().Match(line))
            .Where(match => match.Success && match.Groups[1].Value == logicalId)
            .Select(match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            .Where(IsRunning)];

    /// <summary>Kills a process with SIGKILL.</summary>
    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>Waits for a line of the host's output; earlier lines count too.</summary>
    public Task<string> WaitForLine(Func<string, bool> condition) => OfThisMachine(host)!.WaitForLine(condition, TimeSpan.FromSeconds(30));

    public async Task DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        await dynamoDb.DisposeAsync();
        client.Dispose();
        data.Delete(recursive: true);
    }

    private static T OfThisMachine<T>(T value)
    {
        Skip.If(Remote is not null, "COLLECTOR_URL is set, and this test needs a collector of its own on this machine");
        return value;
    }

    internal static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(\S+) started \(pid (\d+)\)$")]
    private static partial Regex StartedLine();
}
