using System.Globalization;
using System.Net.Sockets;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Xunit;

namespace Collector.Tests;

/// <summary>
/// DynamoDB Local on a free port, used as a fixture (<c>IClassFixture</c>, <c>ICollectionFixture</c>) or started by a test. It keeps its
/// tables in a folder of its own, so they survive <see cref="Stop"/> and <see cref="Start"/>.
/// </summary>
public sealed class DynamoDbLocal : IAsyncLifetime
{
    // The version that infra/lib.sh downloads.
    private const string Version = "2.9.30";

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("collector-dynamodb-");
    private OwnedProcess? process;
    private AmazonDynamoDBClient? client;

    /// <summary>Whether tables are kept only in memory, which is faster for tests that create many.</summary>
    public bool InMemory { get; init; }

    public int Port { get; } = Repository.FreePort();

    public Uri Endpoint => new($"http://127.0.0.1:{Port}");

    /// <summary>A client with one retry, so that a test sees errors quickly.</summary>
    public AmazonDynamoDBClient Client => client ??= new AmazonDynamoDBClient(
        new BasicAWSCredentials("local", "local"),
        new AmazonDynamoDBConfig { ServiceURL = Endpoint.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 1 });

    /// <summary>The folder in which infra/lib.sh installs it.</summary>
    internal static string Home { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/tmp", ".cache"),
        "localstack-usage-collector",
        "dynamodb-local-" + Version);

    public Task InitializeAsync() => Start();

    /// <summary>Starts DynamoDB Local, also after a stop, and waits until it answers.</summary>
    public async Task Start()
    {
        if (!File.Exists(Path.Combine(Home, "DynamoDBLocal.jar")))
            throw new InvalidOperationException("DynamoDB Local is not installed yet: run infra/test.sh once.");
        process = OwnedProcess.Start(
            "java",
            [
                "-XX:+UseSerialGC", "-Djava.library.path=./DynamoDBLocal_lib", "-cp", "DynamoDBLocal.jar",
                "org.eclipse.jetty.xml.XmlConfiguration",
                Path.Combine(Repository.Root, "infra", "Local", "DynamoDb", "dynamodb-local.xml"),
                "port=" + Port.ToString(CultureInfo.InvariantCulture), .. InMemory ? new[] { "inMemory=true" }
                    : ["inMemory=false", "dbPath=" + data.FullName],
            ],
            Home);
        while (!await Answers())
        {
            if (process.HasExited)
                throw new InvalidOperationException($"DynamoDB Local has ended:\n{string.Join('\n', process.Output)}");
            await Task.Delay(50);
        }
    }

    /// <summary>Kills DynamoDB Local with SIGKILL, as in a crash. The tables remain.</summary>
    public async Task Stop()
    {
        if (process is not null)
            await process.DisposeAsync();
        process = null;
    }

    public async Task DisposeAsync()
    {
        await Stop();
        client?.Dispose();
        data.Delete(recursive: true);
    }

    private async Task<bool> Answers()
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
