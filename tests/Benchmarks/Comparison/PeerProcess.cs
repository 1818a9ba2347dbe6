using System.Diagnostics;
using System.Globalization;

namespace Collector.Benchmarks.Comparison;

/// <summary>A peer in its own process, started with Lambda's environment for a function, and measured from outside.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly string[] OfThisMachine = ["PATH", "HOME", "LD_LIBRARY_PATH"];

    private readonly Process process;

    private PeerProcess(Process process) => this.process = process;

    /// <summary>Processor time so far.</summary>
    public TimeSpan Cpu => CpuClock.Of(process.Id);

    /// <summary>Its peak memory in MB: <c>VmHWM</c>.</summary>
    public double PeakMegabytes => File.ReadLines($"/proc/{process.Id}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.AsSpan(6, line.Length - 8), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture) / 1024).Single();

    /// <param name="handler">The function, as <c>_HANDLER</c> names it.</param>
    /// <param name="ended">Called when the process ends by itself, with the end of its output.</param>
    public static PeerProcess Start(Peer peer, string handler, string runtimeApi, string dynamoDb, Action<string> ended)
    {
        var start = new ProcessStartInfo(peer.Command[0], peer.Command.Skip(1))
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var kept = OfThisMachine.Select(name => (name, Value: Environment.GetEnvironmentVariable(name))).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept) start.Environment[name] = value;
        foreach (var (name, value) in Variables(handler, runtimeApi, dynamoDb)) start.Environment[name] = value;
        foreach (var (name, value) in peer.Variables ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{peer.Name} does not start");
        // Lambda reads a function's output too.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = Watch(process, ended);
        return new PeerProcess(process);
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task Watch(Process process, Action<string> ended) => ended(await process.StandardError.ReadToEndAsync());

    private static Dictionary<string, string> Variables(string handler, string runtimeApi, string dynamoDb) => new()
    {
        ["_HANDLER"] = handler,
        ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi,
        ["AWS_LAMBDA_FUNCTION_NAME"] = handler,
        ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
        ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "1024",
        ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_ACCESS_KEY_ID"] = "ASIAIOSFODNN7EXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ["AWS_SESSION_TOKEN"] = new string('t', 600),
        ["AWS_ENDPOINT_URL_DYNAMODB"] = dynamoDb,
        ["FINGERPRINT_SECRET"] = "a secret for benchmarks, 32 characters long",
        ["SESSIONS_TABLE"] = "usage-sessions",
        ["CALLS_TABLE"] = "usage-calls",
        ["ANONYMOUS_TABLE"] = "usage-anonymous",
        ["COUNTERS_TABLE"] = "usage-counters",
        ["ACTIVATIONS_TABLE"] = "usage-activations",
    };
}
