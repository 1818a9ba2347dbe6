using System.CommandLine;
using System.Globalization;
using Amazon.DynamoDBv2;
using Collector.Policy;
using Collector.Tests.Fleet.Faults;
using Collector.Tests.Fleet.Recount;
using Collector.Tests.Fleet.Scale;

namespace Collector.Tests.Fleet;

/// <summary>The program's commands. The exit code is 0 when the counts are correct, and 1 when they are not.</summary>
internal static class Commands
{
    private static readonly Option<int> Sessions = new(
        "--sessions") { Description = "LocalStack instances that start during the run", DefaultValueFactory = _ => 1000 };
    private static readonly Option<double> Minutes = new("--minutes") { Description = "how long they send, in minutes", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> Seed = new(
        "--seed") { Description = "random seed; the same seed gives the same fleet and the same faults", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Speed = new(
        "--speed") { Description = "how much faster than real time the clients' clocks run", DefaultValueFactory = _ => 5 };

    public static RootCommand Root()
    {
        var url = new Option<string>("--url") { Description = "the address of the collector's stage, as in ANALYTICS_API", DefaultValueFactory = _ =>
            "http://localhost:8080/v1" };
        var key = new Option<string>("--operator-key") { Description = "the key of the usage API", DefaultValueFactory = _ =>
            Environment.GetEnvironmentVariable("OPERATOR_KEY") ?? OwnCollector.OperatorKey };
        var patience =
            new Option<double>(
            "--patience") { Description = "how long to wait for missing counts, in seconds since the last change",
            DefaultValueFactory = _ => 60 };
        var root = new RootCommand("A fleet of LocalStack clients. It knows the events that it sent, and compares them with the collector's counts.")
        {
            url, key, patience, Sessions, Minutes, Seed, Speed, FaultsCommand(), CostCommand(), ScaleCommand(), SoakCommand(),
            RecountCommand(),
        };
        root.SetAction(async (parsed, stop) =>
        {
            using var http = new HttpClient { BaseAddress = new Uri(parsed.GetValue(url)!.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(40) };
            var run = new FleetRun(Options(parsed) with { Patience = TimeSpan.FromSeconds(parsed.GetValue(patience)) }, http,
            parsed.GetValue(key)!, Console.Out, TimeProvider.System);
            await run.Begin();
            await run.Send(stop);
            var comparison = await run.Compare();
            comparison.Print(Console.Out);
            return comparison.Differences.Count == 0 ? 0 : 1;
        });
        return root;
    }

    private static Command FaultsCommand()
    {
        var faults = new Option<int>("--faults") { Description = "the minimum number of faults to inject", DefaultValueFactory = _ => 2000 };
        var outage = new Option<double>(
            "--outage") { Description = "the length of the single DynamoDB outage, in seconds", DefaultValueFactory = _ => 30 };
        var client = new Option<double>(
            "--client-share") { Description = "the share of requests that suffer a fault", DefaultValueFactory = _ => 0.6 };
        var store = new Option<double>(
            "--store-share") { Description = "the share of calls to DynamoDB that suffer a fault", DefaultValueFactory = _ => 0.35 };
        var kinds = new Option<string[]>("--kind")
        {
            Description = "only faults of these kinds: " + string.Join(", ", FaultKinds.Known), AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        kinds.AcceptOnlyFromAmong([.. FaultKinds.Known]);
        var most = new Option<double>("--at-most") { Description = "stop injecting faults after this many minutes, even if there were fewer",
        DefaultValueFactory = _ => 600 };
        var command = new Command("faults", "Runs its own collector, injects faults everywhere, and compares.") { faults, kinds,
        outage, most, client, store, Sessions, Minutes, Seed, Speed };
        command.SetAction(async (parsed, stop) =>
        {
            // Few connections: the run needs many faults, not a long queue at the gateway.
            var fleet = Options(parsed) with { Connections = 12 };
            var how = new FaultOptions(parsed.GetValue(faults), new FaultKinds(parsed.GetValue(kinds)!),
            TimeSpan.FromSeconds(parsed.GetValue(outage)), TimeSpan.FromMinutes(parsed.GetValue(most)), parsed.GetValue(client),
            parsed.GetValue(store));
            return await new FaultRun(fleet, how, Console.Out, TimeProvider.System).Run(stop) == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command CostCommand()
    {
        var command = new Command("cost", "Runs its own collector and adds up the write units that DynamoDB reports.") { Sessions,
        Minutes, Seed, Speed };
        command.SetAction(async (parsed, stop) => await new CostRun(Options(parsed), Console.Out, TimeProvider.System).Run(stop) == 0
            ? 0 : 1);
        return command;
    }

    private static Command ScaleCommand()
    {
        var command = new Command("scale", "Prints docs/cost.md with its tables computed from tests/Fleet/Scale/figures.json.");
        command.SetAction(_ => Console.Write(CostPage.Of(Repository.Root).Fresh(
            File.ReadAllText(Path.Combine(Repository.Root, CostPage.Path)))));
        return command;
    }

    private static Command SoakCommand()
    {
        var command =
            new Command("soak",
            "Runs its own collector under steady load and watches the memory of each function process.") { Sessions, Minutes, Seed,
            Speed };
        command.SetAction(async (parsed, stop) => await new SoakRun(Options(parsed), Console.Out, TimeProvider.System).Run(stop) == 0
            ? 0 : 1);
        return command;
    }

    private static Command RecountCommand()
    {
        var day = new Option<string>("--day") { Description = "the day, UTC, as 2026-11-22", Required = true };
        var stack = new Option<string>(
            "--stack") { Description = "the stack with the tables to read", DefaultValueFactory = _ => OwnCollector.Stack };
        var url = new Option<string?>("--dynamodb-url") { Description = "the address of DynamoDB; by default that of the AWS configuration" };
        var repair = new Option<bool>("--repair")
        {
            Description =
                "raise the counters that are below the log's numbers; the day must be counted completely. Set SESSION_RETENTION_DAYS as in the deployment",
        };
        var command = new Command(
            "recount",
            "Adds up a day's counters again from the retained log items, and shows each difference. For distinct machines, set FINGERPRINT_SECRET as in the deployment.")
        {
            day, stack, url, repair,
        };
        command.SetAction(async (parsed, _) =>
        {
            var config = new AmazonDynamoDBConfig();
            if (parsed.GetValue(url) is { } endpoint) config.ServiceURL = endpoint;
            using var dynamoDb = new AmazonDynamoDBClient(config);
            var secret = Environment.GetEnvironmentVariable("FINGERPRINT_SECRET") ?? "";
            var recounter = new Recounter(dynamoDb, parsed.GetValue(stack)!, new Fingerprints(secret));
            var name = DateOnly.ParseExact(parsed.GetValue(day)!, "yyyy-MM-dd", CultureInfo.InvariantCulture)
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var differences = await recounter.Differences(name);
            foreach (var difference in differences) Console.WriteLine(difference);
            Console.WriteLine($"{recounter.Compared} numbers, {differences.Count} differences");
            if (!parsed.GetValue(repair)) return differences.Count == 0 ? 0 : 1;
            var raised = await recounter.Repair(name, differences, TimeProvider.System.GetUtcNow().AddDays(RetentionDays()));
            var left = (await recounter.Differences(name)).Count;
            Console.WriteLine($"{raised} numbers raised, {left} differences left");
            return left == 0 ? 0 : 1;
        });
        return command;
    }

    private static double RetentionDays() =>
        double.Parse(Environment.GetEnvironmentVariable("SESSION_RETENTION_DAYS") ?? "90", CultureInfo.InvariantCulture);

    private static FleetOptions Options(ParseResult parsed) =>
        new(parsed.GetValue(Sessions), parsed.GetValue(Minutes), parsed.GetValue(Seed), parsed.GetValue(Speed))
    {
        EventsDisabled = Environment.GetEnvironmentVariable("DISABLE_EVENTS") == "1",
        LstkEventsDisabled = Environment.GetEnvironmentVariable("LOCALSTACK_DISABLE_EVENTS") == "1",
    };
}
