using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Collector.Tests.Unit.Counting;
using Collector.Tests.Unit.Ingest;
using Xunit.Abstractions;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// I4, attacked: somebody who has the Events, Counters and Sessions tables and all log lines tries to tell which of 200 machines each CLI invocation
/// came from. Each way of guessing must do no better than chance, and must do far better where the data is made to leak.
/// </summary>
public sealed class UnlinkabilityTests(ITestOutputHelper output)
{
    private const int Machines = 200;
    private const int InvocationsOfEach = 10;
    private static readonly string[] Commands =
        ["localstack start", "localstack stop", "localstack status services", "localstack config validate", "localstack logs", "localstack wait", "localstack ssh", "localstack update all"];

    private readonly Random random = new(4);
    private readonly IngestBench bench = new();
    private readonly Dictionary<string, int> machineOfReceipt = [];

    [Fact]
    public async Task No_way_of_guessing_does_better_than_chance()
    {
        await Simulate();
        foreach (var (name, guess) in Attacks()) Assert.True(Hits(name, guess) <= MostByChance, $"{name} does better than chance");
    }

    [Fact]
    public async Task The_same_guesses_find_them_out_where_the_data_leaks()
    {
        await Simulate();
        // The exact time, which is cut to the hour; and a receipt made with one key for all kinds.
        foreach (var item in CliItems()) item["at"] = exactTime[item["receipt"].S];
        Assert.True(Hits("time", Attacks()["time"]) > 2 * MostByChance, "the attack by time cannot find anything");
        var calls = SessionItems();
        foreach (var item in CliItems())
        {
            var machine = machineOfReceipt[item["receipt"].S];
            item["receipt"] = new AttributeValue(calls[machine]["receipt"].S.Split('#')[1][..31] + item["receipt"].S[..4]);
            machineOfReceipt[item["receipt"].S] = machine;
        }

        Assert.True(Hits("receipt", Attacks()["receipt"]) > 2 * MostByChance, "the attack by receipt cannot find anything");
    }

    // Hits are distributed binomially when one guesses: four standard deviations above the mean.
    private static double MostByChance
    {
        get
        {
            const double Events = Machines * InvocationsOfEach;
            const double Chance = 1.0 / Machines;
            return (Events * Chance) + (4 * Math.Sqrt(Events * Chance * (1 - Chance)));
        }
    }

    private readonly Dictionary<string, AttributeValue> exactTime = [];

    private List<Dictionary<string, AttributeValue>> CliItems() => [.. bench.DynamoDb.Items("events").Where(i => i["source"].S.StartsWith("cli#", StringComparison.Ordinal))];

    private List<Dictionary<string, AttributeValue>> Sessions() => [.. bench.DynamoDb.Items("sessions").OrderBy(s => s["session_id"].S, StringComparer.Ordinal)];

    // One log item of calls for each session, in the order of Sessions().
    private List<Dictionary<string, AttributeValue>> SessionItems() =>
        [.. Sessions().Select(s => bench.DynamoDb.Items("events").First(i => i["source"].S == "session#" + s["session_id"].S))];

    /// <summary>Ways to guess: a CLI item in, the index of a session out.</summary>
    private Dictionary<string, Func<Dictionary<string, AttributeValue>, int>> Attacks()
    {
        var sessions = Sessions();
        var calls = SessionItems();
        var counters = bench.DynamoDb.Items("counters");
        var commandPositions = counters.Where(c => c["metric"].S.StartsWith("cli#", StringComparison.Ordinal))
            .GroupBy(c => c["group"].S.Split('#')[0]).ToDictionary(g => g.Key, Positions);
        var stackPositions = sessions.Select(s => Positions(counters.Where(c => c["metric"].S == "stack#" + s["session_id"].S))).ToList();
        var callTexts = calls.Select(c => Inspection.Text(c).Split('\n')).ToList();
        var cliItems = CliItems();
        var eventLines = bench.Metrics.Select(line => JsonNode.Parse(line)!).Where(line => (string)line["function"]! == "Events" && (int)line["received"]! == 1)
            .Select(line => (double)(long)line["_aws"]!["Timestamp"]!).Order().ToList();
        return new()
        {
            // The session that started nearest to the invocation.
            ["time"] = cli => Nearest(sessions, s => Math.Abs(Number(s["started_at"]) - Number(cli["at"]))),
            // The session whose calls have the receipt that is most like it.
            ["receipt"] = cli => Nearest(calls, c => -Common(c["receipt"].S.Split('#')[1], cli["receipt"].S)),
            // The session whose counters were last written nearest to those of the command, by position in the stream.
            ["position"] = cli =>
            {
                var content = JsonNode.Parse(Inspection.Content(cli))!["cli"]![0]!;
                var of = commandPositions[$"{content["command"]}|{string.Join(',', content["parameters"]!.AsArray().Select(p => (string)p!))}"];
                return Nearest(stackPositions, p => p.Count == 0 ? double.MaxValue : p.Min(one => of.Min(other => Math.Abs(one - other))));
            },
            // The log lines tell when a request came, not of what: the n-th item, by receipt, as the n-th line, and the session whose line stands nearest.
            ["log"] = cli =>
            {
                var rank = cliItems.Count(i => string.CompareOrdinal(i["receipt"].S, cli["receipt"].S) < 0);
                var line = eventLines[rank * eventLines.Count / cliItems.Count];
                return Nearest(sessions, s => Math.Abs(Number(s["started_at"]) - line));
            },
            // Any value that the item shares with a session's items and with few others.
            ["shared value"] = cli =>
            {
                var words = Inspection.Text(cli).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 5).ToHashSet();
                return Nearest(callTexts, c => -c.Count(words.Contains));
            },
        };
    }

    private int Hits(string name, Func<Dictionary<string, AttributeValue>, int> guess)
    {
        var items = CliItems();
        var hits = items.Count(cli => guess(cli) == machineOfReceipt[cli["receipt"].S]);
        output.WriteLine($"{name}: {hits} of {items.Count}; by chance {Machines * InvocationsOfEach / Machines}, at most {MostByChance:0}");
        return hits;
    }

    private async Task Simulate()
    {
        var start = bench.Clock.GetUtcNow().Date.AddHours(8);
        var sends = new List<(DateTime At, int Machine, string Json, bool Session)>();
        for (var machine = 0; machine < Machines; machine++)
        {
            var id = SessionId(machine);
            // All in one hour: the hour is what is kept, and machines of other hours are no candidates.
            var began = start.AddSeconds(random.Next(10, 3200));
            sends.Add((began, machine, $$$"""{"name":"session","payload":{"session_id":"{{{id}}}","machine_id":"gen_{{{machine:x12}}}","api_key":"ls-key-{{{machine}}}","version":"2026.3.1","edition":"pro"}}""", true));
            for (var i = 0; i < 10; i++)
                sends.Add((began.AddSeconds(5 + (i * 30)), machine, Call(id, machine, i), false));
            for (var i = 0; i < InvocationsOfEach; i++)
                sends.Add((began.AddSeconds(random.Next(-5, 320)), machine, Invocation(id, i), false));
        }

        foreach (var (at, machine, json, session) in sends.OrderBy(s => s.At))
        {
            bench.Clock.AdjustTime(new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)).AddMilliseconds(random.Next(1000)));
            var before = bench.DynamoDb.Stream.Count;
            if (session) await bench.Session(json);
            else await bench.Post(json);
            foreach (var change in bench.DynamoDb.Stream.Skip(before).Where(c => c.Table == "events" && c.New["source"].S.StartsWith("cli#", StringComparison.Ordinal)))
            {
                machineOfReceipt.Add(change.New["receipt"].S, machine);
                exactTime.Add(change.New["receipt"].S, new AttributeValue { N = bench.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) });
            }
        }

        await CountInWindows();
    }

    // As the stream mapping does it: what came within some twenty seconds is one batch.
    private async Task CountInWindows()
    {
        var changes = bench.DynamoDb.Stream.Where(c => c.Table == "events").ToList();
        for (var from = 0; from < changes.Count;)
        {
            var take = Math.Min(random.Next(5, 15), changes.Count - from);
            await bench.Count(StreamEvents.Of(changes.GetRange(from, take), "shardId-1", 1_000_000 + from));
            from += take;
        }
    }

    private string Call(string session, int machine, int batch) => new JsonObject
    {
        ["events"] = new JsonArray(new JsonObject
        {
            ["name"] = "aws_request",
            ["metadata"] = new JsonObject { ["session_id"] = session, ["client_time"] = "2026-11-22 08:00:00.000000" },
            ["payload"] = new JsonObject { ["service"] = "s3", ["operation"] = random.Next(2) == 0 ? "PutObject" : "GetObject", ["status_code"] = 200, ["account_id"] = $"{machine:000000000000}", ["region"] = "us-east-1", ["batch"] = batch },
        }),
    }.ToJsonString();

    private string Invocation(string session, int number) => new JsonObject
    {
        ["events"] = new JsonArray(new JsonObject
        {
            ["name"] = "cli_cmd",
            ["metadata"] = new JsonObject { ["session_id"] = session, ["client_time"] = $"2026-11-22 08:00:0{number}.{random.Next(1_000_000):000000}" },
            ["payload"] = new JsonObject { ["cmd"] = Commands[random.Next(Commands.Length)], ["params"] = random.Next(2) == 0 ? new JsonArray("detached") : [] },
        }),
    }.ToJsonString();

    private static string SessionId(int machine) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{machine:x12}");

    // The attributes of a counter item that hold how far a stream shard is counted begin with @.
    private static List<double> Positions(IEnumerable<Dictionary<string, AttributeValue>> items) =>
        [.. items.SelectMany(i => i.Where(a => a.Key.StartsWith('@'))).Select(a => double.Parse(a.Value.S, CultureInfo.InvariantCulture))];

    private static int Nearest<T>(List<T> candidates, Func<T, double> distance)
    {
        var best = double.MaxValue;
        var index = 0;
        for (var i = 0; i < candidates.Count; i++)
        {
            var d = distance(candidates[i]);
            if (d >= best) continue;
            (best, index) = (d, i);
        }

        return index;
    }

    private static double Number(AttributeValue value) => double.Parse(value.N, CultureInfo.InvariantCulture);

    private static int Common(string one, string other) => one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
}
