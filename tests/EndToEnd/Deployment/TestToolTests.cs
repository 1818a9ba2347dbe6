using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>
/// Runs testtool.sh with a replacement for AWS's tool: checks the tool's arguments, and the functions at its Runtime API with its events.
/// </summary>
public sealed class TestToolTests
{
    [SkippableFact]
    public async Task The_functions_count_the_events_from_the_test_tool()
    {
        await using var tool = new StandInTestTool();
        var notes = Path.GetTempFileName();
        // testtool.sh gives DynamoDB Local the port after that of infra/Local.
        var (port, local) = (Repository.FreePort(), Repository.FreePort(inARow: 2));
        await using var script = OwnedProcess.Start(
            Path.Combine(Repository.Root, "infra", "testtool.sh"),
            ["--port", Text(port), "--lambda-port", Text(tool.Port), "--local-port", Text(local), "--functions", Repository.Functions],
            environment: new Dictionary<string, string>
            {
                ["PATH"] = Path.Combine(Repository.Root, "tests", "EndToEnd", "Stub") + ":" + Environment.GetEnvironmentVariable("PATH"),
                ["COLLECTOR_LOCAL"] = Repository.LocalHost,
                ["NOTES"] = notes,
            });
        try
        {
            var started = await Eventually.Get(() => File.ReadAllLinesAsync(notes), lines => lines.Length == 2, seconds: 120);
            // No function may ask the tool for an event before it listens: the function would fail and end.
            await tool.Listen();
            await script.WaitForLine(line => line.StartsWith("ready: ", StringComparison.Ordinal), TimeSpan.FromSeconds(90));

            Assert.Equal(
                $"start --no-launch-window --lambda-emulator-port {tool.Port} "
                + $"--api-gateway-emulator-mode Rest --api-gateway-emulator-port {port}",
                started[0]);
            Assert.Contains(JsonNode.Parse(started[1])!.AsArray(), route =>
                (string?)route!["LambdaResourceName"] == "EventsFunction" && (string?)route["Path"] == "/events");

            var stored = await tool.Send("EventsFunction", "POST", "/events",
                """{"events":[{"name":"cli_cmd","payload":{"cmd":"localstack start"}}]}""");
            Assert.Equal((200, 1), ((int)stored["statusCode"]!, (int)JsonNode.Parse((string)stored["body"]!)!["stored"]!));
            var usage = await Eventually.Get(
                () => tool.Send("UsageFunction", "GET", "/usage/cli", token: "operator"),
                answer => (int)answer["statusCode"]! == 200
                    && (int)JsonNode.Parse((string)answer["body"]!)!["total"]!["invocations"]! == 1);
            Assert.Equal(1, (int)JsonNode.Parse((string)usage["body"]!)!["total"]!["invocations"]!);
        }
        finally
        {
            // The script's trap ends its processes; SIGKILL would leave them running.
            script.Signal("TERM");
            await script.WaitForExit(TimeSpan.FromSeconds(30));
            File.Delete(notes);
        }
    }

    [Fact]
    public async Task The_help_lists_the_limits_of_the_tool()
    {
        var (code, text) = await Tool.Run(Path.Combine(Repository.Root, "infra", "testtool.sh"), ["--help"]);
        Assert.Equal(0, code);
        foreach (var said in new[] { "--lambda-port", "no stage", "gzip bodies", "name no shard" }) Assert.Contains(said, text,
            StringComparison.Ordinal);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
