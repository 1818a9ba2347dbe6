using System.Net;
using System.Net.Sockets;

namespace Collector.Tests;

/// <summary>Paths in the working tree, and free ports.</summary>
internal static class Repository
{
    private const int FirstPort = 12_000, PortCount = 20_000;

    // Each test process starts at a random port, so that processes that run at the same time do not collide.
    private static int portsTried = Random.Shared.Next(PortCount);

    public static string Root { get; } = FindRoot();

    /// <summary>The build configuration of these tests: Release or Debug.</summary>
    private static string Configuration { get; } =
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>
    /// The folder with the functions' <c>bootstrap</c>; COLLECTOR_FUNCTIONS selects another build, such as the native one.
    /// </summary>
    public static string Functions { get; } =
        Environment.GetEnvironmentVariable("COLLECTOR_FUNCTIONS") is { Length: > 0 } other ? other : Output("functions");

    /// <summary>The local host's executable.</summary>
    public static string LocalHost { get; } = Path.Combine(Output("infra/Local"), "local");

    /// <summary>
    /// The first of <paramref name="inARow"/> consecutive ports that are free and were not returned before. They are below 32768, because
    /// Linux takes ports from there on for outgoing connections, and one of those could be taken between this call and its use.
    /// </summary>
    public static int FreePort(int inARow = 1)
    {
        while (true)
        {
            var first = FirstPort + ((Interlocked.Add(ref portsTried, inARow) - inARow) % PortCount);
            if (Enumerable.Range(first, inARow).All(IsFree)) return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal static string Output(string project) => Path.Combine(Root, project, "bin", Configuration, "net10.0");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside the working tree.");
    }
}
