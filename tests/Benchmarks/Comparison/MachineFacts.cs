using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;

namespace Collector.Benchmarks.Comparison;

/// <summary>The relevant facts about the machine of a run: processor and versions, but no names and paths.</summary>
internal static class MachineFacts
{
    public static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{model}, {Environment.ProcessorCount} processors, Linux {Environment.OSVersion.Version.ToString(2)}");
    }

    /// <summary>The versions of the collector's runtime and of each peer with its SDK.</summary>
    public static string Versions(ComparisonOptions options)
    {
        var versions = new List<string>
        {
            $".NET {Environment.Version} with AWSSDK.DynamoDBv2 {FileVersionInfo.GetVersionInfo(typeof(AmazonDynamoDBClient).Assembly.Location).FileVersion}",
        };
        foreach (var peer in options.Peers)
        {
            versions.Add(peer.Name == "Python"
                ? Output("python3", "-c", "import boto3, platform; print('Python', platform.python_version(), 'with boto3', boto3.__version__)")
                : $"Node.js {Output("node", "--version").TrimStart('v')} with @aws-sdk/client-dynamodb {NodeSdk(peer)}");
        }

        return string.Join(", ", versions);
    }

    private static string NodeSdk(Peer peer) => JsonNode.Parse(File.ReadAllText(
        Path.Combine(Path.GetDirectoryName(peer.Command[^1])!, "..", "package.json")))!["dependencies"]!["@aws-sdk/client-dynamodb"]!.GetValue<string>();

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
