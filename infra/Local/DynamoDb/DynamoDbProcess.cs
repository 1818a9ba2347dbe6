using System.Globalization;
using Collector.Local.Hosting;

namespace Collector.Local.DynamoDb;

/// <summary>DynamoDB Local's Java process. If it ends by itself, it is started again.</summary>
/// <param name="home">The folder with DynamoDBLocal.jar.</param>
/// <param name="data">Where it keeps the tables; null keeps them in memory.</param>
internal sealed class DynamoDbProcess(string home, int port, string? data, HostLog log) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private ChildProcess? process;
    private volatile string lastLine = "";

    /// <summary>Called when the process has been started again.</summary>
    public event Action? Restarted;

    public void Start()
    {
        var java = ChildProcess.Find("java")
            ?? throw new HostException("Java is missing. Install Java 17 or later and start again.");
        if (!File.Exists(Path.Combine(home, "DynamoDBLocal.jar")))
            throw new HostException($"DynamoDB Local is not in {home}. Start with infra/run.sh, which downloads it.");
        if (Ports.IsTaken(port))
            throw new HostException($"Port {port} is in use. Choose another port for DynamoDB Local with --dynamodb-port.");
        if (data is not null)
            Directory.CreateDirectory(data);
        StartJava(java);
        _ = Watch(java);
    }

    public void Dispose()
    {
        stopping.Cancel();
        process?.Dispose();
        stopping.Dispose();
    }

    private void StartJava(string java)
    {
        string[] store = data is null ? ["inMemory=true"] : ["inMemory=false", "dbPath=" + Path.GetFullPath(data)];
        process = ChildProcess.Start(
            java,
            [
                // With one machine and one client, a fast start matters more than many garbage collector threads.
                "-XX:+UseSerialGC", "-Xshare:auto", "-Djava.library.path=./DynamoDBLocal_lib",
                "-cp", "DynamoDBLocal.jar", "org.eclipse.jetty.xml.XmlConfiguration",
                Path.Combine(AppContext.BaseDirectory, "dynamodb-local.xml"),
                "port=" + port.ToString(CultureInfo.InvariantCulture), .. store,
            ],
            home,
            new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
                ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/",
            },
            line => lastLine = line);
        log.Detail($"DynamoDB Local started (pid {process.Id})");
    }

    private async Task Watch(string java)
    {
        while (!stopping.IsCancellationRequested)
        {
            await process!.Exited;
            if (stopping.IsCancellationRequested)
                return;
            log.Line($"DynamoDB Local ended and is started again ({lastLine})");
            await Task.Delay(TimeSpan.FromSeconds(1));
            if (stopping.IsCancellationRequested)
                return;
            StartJava(java);
            Restarted?.Invoke();
        }
    }
}
