using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.Fleet.Clients;

/// <summary>A command typed at a prompt, with LocalStack's CLI or with lstk: a request with one event.</summary>
internal sealed class CommandClient(ClientContext fleet, int number)
{
    // Each with the names of its parameters.
    private static readonly (string Command, string[] Parameters)[] Commands =
    [
        ("localstack start", ["detached"]), ("localstack start", ["env", "publish"]), ("localstack start", ["no_banner"]),
        ("localstack stop", []),
        ("localstack status services", ["format"]), ("localstack config validate", ["file"]), ("localstack logs", ["follow"]),
        ("localstack pod save", ["name"]),
        ("localstack auth set-token", ["token"]), ("localstack wait", ["timeout"]), ("localstack update all", []),
        ("localstack extensions list", ["verbose"]),
    ];

    private readonly Random random = fleet.Random("command " + number);

    public async Task Run(CancellationToken stop)
    {
        var at = fleet.Length * random.NextDouble();
        var lstk = random.Next(100) < 30;
        if (lstk ? fleet.Options.LstkEventsDisabled : fleet.Options.EventsDisabled) return;
        await fleet.Clock.Until(at, stop);
        var metadata = BatchBuilder.Metadata(fleet.Id("invocation " + number), fleet.Clock.At(at));
        await fleet.Send(lstk ? Lstk(metadata) : Cli(metadata));
    }

    private Truth.Batch Cli(JsonObject metadata)
    {
        var (command, parameters) = Commands[random.Next(Commands.Length)];
        if (random.Next(2) == 0) parameters = [];
        var batch = new BatchBuilder(fleet.Policy, new Dictionary<string, string> { ["User-Agent"] = "localstack/2026.3.1" });
        batch.Cli("cli_cmd", metadata,
            new JsonObject { ["cmd"] = command, ["params"] = new JsonArray([.. parameters.Select(p => JsonValue.Create(p))]) }, command,
            parameters);
        return batch.Build();
    }

    private Truth.Batch Lstk(JsonObject metadata)
    {
        string[] commands = ["start", "stop", "status", "logs"];
        var command = commands[random.Next(commands.Length)];
        string[] flags = random.Next(2) == 0 ? ["--json"] : [];
        var os = random.Next(2) == 0 ? "linux" : "darwin";
        var environment = new JsonObject
        {
            ["lstk_version"] = "0.9.1", ["auth_token_id"] = "ls-" + fleet.Id("token " + number)[..18], ["machine_id"] = "dkr_"
                + fleet.Id("machine " + number)[..8],
            ["os"] = os, ["arch"] = "amd64",
        };
        var payload = new JsonObject
        {
            ["environment"] = environment,
            ["parameters"] = new JsonObject { ["command"] = command, ["flags"] = new JsonArray([.. flags.Select(flag =>
                JsonValue.Create(flag))]) },
            ["result"] = new JsonObject { ["duration_ms"] = random.Next(1, 20_000), ["exit_code"] = random.Next(10) == 0 ? 1 : 0 },
            ["os"] = os, ["arch"] = "amd64", ["caller_type"] = "human", ["detection_method"] = "none", ["is_ci"] = random.Next(4) == 0,
        };
        var agent = string.Create(CultureInfo.InvariantCulture, $"localstack lstk/0.9.1 ({os}; amd64)");
        var batch = new BatchBuilder(fleet.Policy, new Dictionary<string, string> { ["User-Agent"] = agent });
        batch.Cli("lstk_command", metadata, payload, "lstk " + command, flags.Select(flag => flag.TrimStart('-')));
        return batch.Build();
    }
}
