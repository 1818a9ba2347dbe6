using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;
using Collector.Tests.EndToEnd.Collector;

namespace Collector.Tests.EndToEnd;

/// <summary>
/// Proves exactly-once counting: the program tests/Fleet sends events, knows the correct counts, and compares. With <c>faults</c> it
/// runs its own collector and injects faults. <c>FLEET_FAULTS</c> sets their number (the long run has 100,000), and <c>FLEET_SEED</c>
/// the random seed.
/// </summary>
public sealed partial class FleetTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private static readonly string Faults = Variable("FLEET_FAULTS", "2000");

    // In minutes. A kind of fault that no longer occurs must fail the test rather than hang it. The long run has 60 faults per second.
    private static readonly string AtMost = (6 + (int.Parse(Faults, CultureInfo.InvariantCulture) / 1000))
        .ToString(CultureInfo.InvariantCulture);

    private static readonly string Seed = Variable("FLEET_SEED", "1");
    private static readonly TimeSpan Limit = TimeSpan.FromHours(3);

    [SkippableFact]
    public async Task Nothing_is_lost_and_nothing_is_counted_twice_whatever_fault_occurs()
    {
        var (code, output) = await Run("faults", "--faults", Faults, "--seed", Seed, "--sessions", "150", "--at-most", AtMost);
        Assert.True(code == 0, output);
        Assert.True(Number(All().Match(output).Groups[1].Value) >= Number(Faults), output);
        foreach (var kind in (ReadOnlySpan<string>)["client: Cut ", "store: AnswerLost ", "process: Killed ",
            "stream: ShardEnds "]) Assert.Contains("| " + kind, output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Single_kinds_of_faults_can_be_selected()
    {
        var (code, output) =
            await Run("faults", "--kind", "ShardEnds", "Bisected", "--faults", "4", "--seed", Seed, "--sessions", "20", "--at-most", "4");
        Assert.True(code == 0, output);
        Assert.Equal(["stream: Bisected", "stream: ShardEnds"], Injected().Matches(output).Select(line => line.Groups[1].Value).Distinct());
    }

    [SkippableFact]
    public async Task A_fleet_finds_each_of_its_rows_in_the_usage_api_and_a_recount_agrees()
    {
        var (code, output) = await Send();
        Assert.True(code == 0, output);
        var (recounted, differences) = await Recount(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.True(recounted == 0, differences);
    }

    [SkippableFact]
    public async Task With_events_disabled_a_fleet_sends_nothing_and_its_activations_count()
    {
        var before = await Received();
        var (code, output) = await Run(
            new Dictionary<string, string> { ["DISABLE_EVENTS"] = "1", ["LOCALSTACK_DISABLE_EVENTS"] = "1" },
            "--url", collector.BaseAddress.ToString(), "--sessions", "12", "--minutes", "0.05");
        Assert.True(code == 0, output);
        Assert.Equal(before, await Received());
        // Every request was an activation, and the credits of its credential include it.
        Assert.Contains("12 requests", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^credits +40 +40 +0\r?$", output);
    }

    [SkippableFact]
    public async Task A_fleet_notices_events_that_it_did_not_send()
    {
        var before = await Received();
        var fleet = Send("--patience", "8");
        // When the collector counts new events, it has processed all earlier ones.
        await Eventually.Get(Received, received => received > before);
        using var content = new StringContent(
            """
                {"events":[{"name":"cli_cmd","metadata":{"client_time":"2026-11-22 07:32:48.677536"},"payload":
                {"cmd":"localstack ephemeral list","params":[]}}]}
                """,
            Encoding.UTF8, "application/json");
        using var response = await collector.Client.PostAsync(new Uri("cli", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        var (code, output) = await fleet;
        Assert.Equal(1, code);
        Assert.Contains("cli localstack ephemeral list []: counted 1, must be 0", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_recount_shows_a_counter_that_differs_from_the_log()
    {
        // A day on which nothing else was sent.
        const string day = "2026-01-01";
        await collector.DynamoDb.Client.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = "usage-counters",
            Key = new() { ["metric"] = new() { S = "cli#" + day }, ["group"] = new() { S = "localstack never logged|#0" } },
            UpdateExpression = "ADD invocations :one",
            ExpressionAttributeValues = new() { [":one"] = new() { N = "1" } },
        });
        var (code, output) = await Recount(day);
        Assert.Equal(1, code);
        Assert.Contains("localstack never logged| invocations: counted 1, the log says 0", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_recount_repairs_lost_counters_and_repeating_it_changes_nothing()
    {
        // A separate day whose log has three commands, each counted once; the counters are then lost.
        const string day = "2026-01-02";
        await LogCommands(day, 3);
        await Eventually.Get(() => Invocations(day), invocations => invocations == 3);
        foreach (var metric in new[] { "cli#" + day, "ledger#" + day }) await DeleteCounters(metric);
        Assert.Equal(0, await Invocations(day));

        Assert.Equal(1, (await Recount(day)).Code);
        Assert.Equal(0, await Invocations(day));
        var (code, output) = await Recount(day, "--repair");
        Assert.True(code == 0, output);
        Assert.Equal(3, await Invocations(day));
        var (again, said) = await Recount(day, "--repair");
        Assert.Equal(0, again);
        Assert.Contains("0 numbers raised, 0 differences left", said, StringComparison.Ordinal);
        Assert.Equal(3, await Invocations(day));
    }

    private async Task<long> Invocations(string day) => (long)(await collector.Usage($"cli?from={day}&to={day}"))["total"]!["invocations"]!;

    private async Task LogCommands(string day, int count)
    {
        // The content that the ingest function writes, with another hour.
        using var content = new StringContent(
            """
                {"events":[{"name":"cli_cmd","metadata":{"client_time":"2026-11-22 07:32:48.677536"},"payload":{"cmd":"localstack start",
                "params":[]}}]}
                """,
            Encoding.UTF8, "application/json");
        using var response = await collector.Client.PostAsync(new Uri("cli", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        var log = await collector.DynamoDb.Client.ScanAsync(new ScanRequest { TableName = "usage-anonymous" });
        var logged = log.Items.First(item => item["source"].S.StartsWith("cli#", StringComparison.Ordinal));
        var at = DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            logged["receipt"] = new() { S = $"{day}#{i:x32}" };
            logged["at"] = new() { N = at.ToString(CultureInfo.InvariantCulture) };
            await collector.DynamoDb.Client.PutItemAsync("usage-anonymous", logged);
        }
    }

    private async Task DeleteCounters(string metric)
    {
        var items = await collector.DynamoDb.Client.QueryAsync(new QueryRequest
        {
            TableName = "usage-counters",
            KeyConditionExpression = "metric = :metric",
            ProjectionExpression = "metric, #group",
            ExpressionAttributeNames = new() { ["#group"] = "group" },
            ExpressionAttributeValues = new() { [":metric"] = new(metric) },
        });
        foreach (var key in items.Items) await collector.DynamoDb.Client.DeleteItemAsync("usage-counters", key);
    }

    private Task<(int Code, string Output)> Send(params string[] more) => Run(
        ["--url", collector.BaseAddress.ToString(), "--sessions", "5", "--minutes", "0.2", "--speed", "20", .. more]);

    private Task<(int Code, string Output)> Recount(string day, params string[] more) =>
        Run(["recount", "--day", day, "--dynamodb-url", collector.DynamoDb.Endpoint.ToString(), .. more]);

    private async Task<long> Received()
    {
        // With the operator key, because public answers may be a minute old.
        return (long)(await collector.Usage("ledger"))["total"]!["received"]!;
    }

    private Task<(int Code, string Output)> Run(params string[] arguments) => Run([], arguments);

    private async Task<(int Code, string Output)> Run(Dictionary<string, string> variables, params string[] arguments)
    {
        // The program compares all counts with its own events, so no other client may send.
        RunningCollector.MustBeOfThisMachine();
        await using var fleet = OwnedProcess.Start(
            Path.Combine(Repository.Output("tests/Fleet"), "Collector.Tests.Fleet"), arguments, environment: new Dictionary<string,
                string>(variables)
            {
                ["AWS_ACCESS_KEY_ID"] = "local",
                ["AWS_SECRET_ACCESS_KEY"] = "local",
                ["AWS_REGION"] = "us-east-1",
                ["OPERATOR_KEY"] = RunningCollector.OperatorKey,
                ["FINGERPRINT_SECRET"] = Secret(),
            });
        await fleet.WaitForExit(Limit);
        // The last lines may arrive after the process has ended.
        await Eventually.True(() => fleet.Output.Any(line => line.Contains("differences", StringComparison.Ordinal)), seconds: 5);
        return (fleet.ExitCode, string.Join('\n', fleet.Output));
    }

    private string Secret() =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(collector.Data, "secrets.json")))!["FingerprintSecret"]!;

    private static string Variable(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| (\w+: \w+)", RegexOptions.Multiline)]
    private static partial Regex Injected();

    [GeneratedRegex(@"\*\*all\*\* \| \*\*(\d+)\*\*")]
    private static partial Regex All();
}
