using System.Diagnostics;
using System.Globalization;

namespace Collector.Tests.EndToEnd.Local;

/// <summary>How the host and DynamoDB Local start and end.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly DirectoryInfo output = Directory.CreateTempSubdirectory("collector-lifetime-");

    public void Dispose() => output.Delete(recursive: true);

    [SkippableTheory]
    [InlineData("TERM", 0)]
    [InlineData("INT", 0)]
    [InlineData("KILL", 137)]
    public async Task No_child_outlives_the_host_and_a_second_start_works(string signal, int code)
    {
        var collector = await RunningCollector.Run(StubHost.Options(output.FullName) with { HostStartsDynamoDb = true });
        try
        {
            var children = Pids(collector.Output);
            Assert.True(children.Length >= 10);
            Assert.Equal(code, await collector.StopHost(signal));
            Assert.True(await Eventually.True(() => !children.Any(RunningCollector.IsRunning), seconds: 5));
            await collector.StartHost();
        }
        finally
        {
            await collector.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_crashed_DynamoDB_is_started_again()
    {
        var collector = await RunningCollector.Run(StubHost.Options(output.FullName) with { HostStartsDynamoDb = true });
        try
        {
            var java = Pids([collector.Output.First(line => line.StartsWith("DynamoDB Local started", StringComparison.Ordinal))])[0];
            RunningCollector.Kill(java);
            await collector.WaitForLine(line =>
                line.StartsWith("DynamoDB Local started", StringComparison.Ordinal) && Pids([line])[0] != java);
        }
        finally
        {
            await collector.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_taken_port_is_reported_in_one_line_with_the_remedy()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var lines = await Failing("--template", Template, "--functions", RollupJob, "--parameter", "Out=x", "--in-memory", "--port",
            Text(port));
        Assert.Equal([$"Port {port} is in use. Choose another port for the API with --port."], lines);
    }

    [SkippableFact]
    public async Task Two_hosts_do_not_share_a_data_folder()
    {
        using var held = new FileStream(Path.Combine(output.FullName, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var lines = await Failing("--template", Template, "--functions", RollupJob, "--parameter", "Out=x", "--data", output.FullName);
        Assert.Equal([$"Another collector uses {output.FullName}. Stop it, or give this one a different folder with --data."], lines);
    }

    [SkippableFact]
    public async Task A_damaged_file_in_the_data_folder_is_reported_in_one_line()
    {
        var file = Path.Combine(output.FullName, "secrets.json");
        File.WriteAllText(file, "{");
        var lines = await Failing("--template", Template, "--functions", RollupJob, "--parameter", "Out=x", "--data", output.FullName);
        Assert.Equal([$"{file} is damaged. Remove the data folder (its data is lost) and start again."], lines);
    }

    [SkippableFact]
    public async Task Nothing_listens_on_addresses_other_than_loopback()
    {
        var collector = await RunningCollector.Run(StubHost.Options(output.FullName) with { HostStartsDynamoDb = true });
        try
        {
            var listening = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
                .Where(end => end.Port == collector.Port || end.Port == collector.DynamoDbPort).ToArray();
            Assert.NotEmpty(listening);
            Assert.All(listening, end => Assert.True(System.Net.IPAddress.IsLoopback(end.Address), $"{end}"));
        }
        finally
        {
            await collector.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task An_unknown_option_is_reported_in_one_line() =>
        Assert.Equal(["--nonsense is not an option, or has no value."], await Failing("--nonsense"));

    [SkippableFact]
    public async Task A_parameter_that_the_template_lacks_is_reported_in_one_line() =>
        Assert.Equal([$"{Template} cannot be read: there is no parameter Nothing"],
            await Failing("--template", Template, "--functions", RollupJob, "--in-memory", "--parameter", "Nothing=1"));

    [SkippableFact]
    public async Task An_unreadable_template_is_reported_in_one_line()
    {
        var broken = Path.Combine(output.FullName, "broken.yaml");
        File.WriteAllText(broken, "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: { Handler: !Nonsense x }\n");
        Assert.Equal([$"{broken} cannot be read: F: Fn::Nonsense is not supported here"],
            await Failing("--template", broken, "--functions", RollupJob, "--in-memory"));
    }

    private static string Template { get; } = Path.Combine(Repository.Root, "tests", "EndToEnd", "Stub", "template.yaml");

    private static string RollupJob { get; } = Path.GetDirectoryName(Template)!;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int[] Pids(IEnumerable<string> lines) => [.. lines
        .Where(line => line.Contains(" started (pid ", StringComparison.Ordinal))
        .Select(line => int.Parse(line.Split("(pid ")[1].TrimEnd(')'), CultureInfo.InvariantCulture))];

    private static async Task<string[]> Failing(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Repository.LocalHost, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var lines = await process.StandardError.ReadToEndAsync() + await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
