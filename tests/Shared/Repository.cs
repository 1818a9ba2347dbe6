using System.Net;
using System.Net.Sockets;

namespace Collector.Tests;

/// <summary>Where things are in the work tree, and what the machine has free.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration that these tests were built in: Release or Debug.</summary>
    private static string Configuration { get; } =
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The folder with the functions' <c>bootstrap</c>; COLLECTOR_FUNCTIONS names another build (the native one).</summary>
    public static string Functions { get; } =
        Environment.GetEnvironmentVariable("COLLECTOR_FUNCTIONS") is { Length: > 0 } other ? other : Output("functions");

    /// <summary>The local host's executable.</summary>
    public static string LocalHost { get; } = Path.Combine(Output("infra/Local"), "local");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static string Output(string project) => Path.Combine(Root, project, "bin", Configuration, "net10.0");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside of the work tree.");
    }
}
