using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;
using Collector.Counting;
using Collector.Redaction;
using Collector.Tests.Unit.Counting;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// Machines with one session each, all in one hour. Each has its own command, set of parameters and feature, which is the hardest case for
/// counters that must not reveal a machine. Events are stored and counted as the stream mappings deliver them.
/// </summary>
/// <param name="spread">The time from the first machine's start to the last. At quiet times one machine is active at a time.</param>
/// <param name="window">How long the stream mappings gather records.</param>
/// <param name="onlyStream">Whether both logs share one stream, as in an earlier design.</param>
internal sealed partial class Machines(int count, TimeSpan spread, TimeSpan window, int seed, bool onlyStream = false)
{
    private static readonly string[] Parameters = ["docker", "host", "no_banner", "detached", "detach", "stack", "network", "env",
    "publish", "volume"];

    private static readonly string[] Operations = System.Text.Encoding.ASCII.GetString(SortedLines.Embedded("aws-operations.tsv").Bytes)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("s3\t", StringComparison.Ordinal))
            .Select(line => line[3..])
        // Only names of plain words, short enough that no rule cuts them.
        .Where(operation => operation.Length <= 26 && !OtherThanWords().IsMatch(operation)).ToArray();

    private readonly Random random = new(seed);
    private readonly IngestBench bench = new(Policies.Everything);
    private readonly List<(DateTimeOffset At, InMemoryDynamoDb.Change Change)> stream = [];

    private readonly Dictionary<string, long> batchEnds = new(StringComparer.Ordinal);

    /// <summary>
    /// Shows facts as an earlier design counted them: each in its own item, with the plain sequence number of the last record of the batch.
    /// </summary>
    public bool WithPlainPositions { get; set; }

    public InMemoryDynamoDb DynamoDb => bench.DynamoDb;

    public int Count => count;

    /// <summary>The facts that distinguish each machine, as the tables contain them.</summary>
    public IReadOnlyList<(string Fact, int Machine)> Facts =>
    [
        .. Enumerable.Range(0, count).SelectMany(machine => new[]
        {
            ($"lstk aws s3 {Kebab(Operations[machine])}", machine),
            ("localstack start|" + string.Join(',', ParametersOf(machine)), machine),
            ("name=metric_" + Letters(machine), machine),
        }),
    ];

    public IEnumerable<TableItem> SessionItems(int machine)
    {
        var id = SessionId(machine);
        foreach (var item in DynamoDb.Items("sessions").Where(i => i["session_id"].S == id)) yield return new("sessions", item);
        foreach (var item in DynamoDb.Items("calls").Where(i => i["source"].S == "session#" + id)) yield return new("calls", item);
        foreach (var item in DynamoDb.Items("counters").Where(i => i["metric"].S == "stack#" + id)) yield return new("stack", item);
    }

    /// <summary>The log items and counters that contain the fact.</summary>
    public IEnumerable<TableItem> FactItems(string fact)
    {
        var words = fact.Split('|', ',', '=');
        foreach (var item in DynamoDb.Items("anonymous").Where(i => Names(Inspection.Content(i), words))) yield return new(
            "anonymous", item);
        foreach (var item in DynamoDb.Items("counters"))
        {
            if (item["metric"].S.Split('#')[0] is not ("cli" or "features")) continue;
            // Keep the item's own attributes, and of its numbers only that of the fact.
            if (item.FirstOrDefault(a => IsOf(a.Key, fact)) is { Key: { } name } own)
            {
                var known = new Dictionary<string, AttributeValue>(
                    item.Where(a => a.Key[0] == '@' || a.Value.N is null)) { ["number"] = own.Value };
                if (WithPlainPositions)
                {
                    foreach (var checkpoint in known.Keys.Where(a => a[0] == '@').ToList()) known.Remove(checkpoint);
                    known["@"] = new AttributeValue(PositionOf(words).ToString(CultureInfo.InvariantCulture).PadLeft(40, '0'));
                }

                yield return new("counters", known);
            }
        }
    }

    /// <summary>The times of requests with one event, from the log lines.</summary>
    public IReadOnlyList<double> RequestTimes => [.. bench.Metrics.Select(line => JsonNode.Parse(line)!)
        .Where(line => (string)line["function"]! == "Events" && (int)line["received"]! == 1)
            .Select(line => (double)(long)line["_aws"]!["Timestamp"]!).Order()];

    /// <summary>Lets all machines send, and counts their events.</summary>
    public async Task Run()
    {
        var start = new DateTimeOffset(bench.Clock.GetUtcNow().UtcDateTime.Date.AddHours(8).AddMinutes(2), TimeSpan.Zero);
        var sends = new List<(DateTimeOffset At, string Json, bool Session)>();
        for (var machine = 0; machine < count; machine++)
        {
            // The machines do not start in the order of their numbers, from which ids and commands are derived.
            var began = start + (spread * ((machine * 29) % count) / count) + TimeSpan.FromMilliseconds(random.Next(900));
            var id = SessionId(machine);
            sends.Add((began, Session(id, machine), true));
            // Sent among the session's last calls, whose position is kept in the session's total.
            sends.Add((began.AddSeconds(55.8), Events(Command(id, machine)), false));
            sends.Add((began.AddSeconds(56.2), Events(Start(id, machine)), false));
            for (var batch = 0; batch < 6; batch++)
            {
                // The runtime mixes different kinds in one batch (protocol.md).
                JsonNode[] calls = [Call(id, machine, batch), Call(id, machine, batch + 100)];
                sends.Add((began.AddSeconds(6 + (10 * batch)), Events(batch == 5 ? [.. calls, Metric(id, machine)] : calls), false));
            }
        }

        foreach (var (at, json, session) in sends.OrderBy(send => send.At))
        {
            bench.Clock.AdjustTime(at);
            var before = DynamoDb.Stream.Count;
            if (session) await bench.Session(json);
            else Assert.Equal(200, (await bench.Post(json)).StatusCode);
            foreach (var change in DynamoDb.Stream.Skip(before)) stream.Add((at, change));
        }

        await CountInWindows();
    }

    // Sequence numbers grow across all streams, as if DynamoDB took them from one clock: the best case for an adversary.
    private async Task CountInWindows()
    {
        bench.RestartAggregator();
        var open = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < stream.Count; i++)
        {
            foreach (var (table, records) in open.Where(o => stream[o.Value[0]].At + window <= stream[i].At).ToList())
            {
                open.Remove(table);
                await CountBatch(table, records);
            }

            var of = stream[i].Change.Table;
            var key = onlyStream && of is "calls" or "anonymous" ? "log" : of;
            if (!open.TryGetValue(key, out var list)) open.Add(key, list = []);
            list.Add(i);
        }

        foreach (var (table, records) in open) await CountBatch(table, records);
    }

    private async Task CountBatch(string table, List<int> records)
    {
        bench.Clock.AdjustTime(stream[records[0]].At + window);
        foreach (var change in records.Select(i => stream[i].Change).Where(change => change.Table == "anonymous"))
            batchEnds[change.New["receipt"].S] = 1_000_000L + (records[^1] * 17);
        var batch = StreamEvents.Of([.. records.Select(i => stream[i].Change)], "shardId-" + table,
        [.. records.Select(i => 1_000_000L + (i * 17))]);
        await bench.Count(batch);
    }

    private static bool IsOf(string attribute, string fact) =>
        attribute == "command#" + fact || attribute == "set#" + fact
            || (fact[0] == 'n' && attribute.Contains(fact + ",", StringComparison.Ordinal))
        || (fact[0] == 'n' && attribute.EndsWith(fact + "#uses", StringComparison.Ordinal))
        || (fact[0] == 'n' && attribute.Contains(fact, StringComparison.Ordinal) && attribute.EndsWith("#uses", StringComparison.Ordinal));

    private static bool Names(string content, string[] words) =>
        words.All(word => content.Contains('"' + word + '"', StringComparison.Ordinal))
        && (words.Length < 3 || content.Split("\"parameters\":")[1].Count(c => c == ',') <= words.Length);

    private long PositionOf(string[] words) =>
        batchEnds[DynamoDb.Items("anonymous").First(i => Names(Inspection.Content(i), words))["receipt"].S];

    private static string Events(params JsonNode[] events) => new JsonObject { ["events"] = new JsonArray(events) }.ToJsonString();

    private static string Session(string id, int machine) => new JsonObject
    {
        ["name"] = "session",
        ["payload"] = new JsonObject
        {
            ["session_id"] = id, ["machine_id"] = $"gen_{machine:x12}", ["api_key"] = $"ls-key-{machine}", ["version"] = "2026.3.1",
            ["edition"] = "pro",
        },
    }.ToJsonString();

    private JsonObject Call(string id, int machine, int batch) => Event("aws_request", id, new JsonObject
    {
        ["service"] = "s3",
        ["operation"] = random.Next(2) == 0 ? "PutObject" : "GetObject",
        ["status_code"] = 200,
        ["account_id"] = $"{machine:000000000000}",
        ["region"] = "us-east-1",
        ["batch"] = batch,
    });

    private JsonObject Command(string id, int machine) => Event("lstk_command", id, new JsonObject
    {
        ["parameters"] = new JsonObject { ["command"] = "aws", ["subcommand"] = "s3 " + Kebab(Operations[machine]),
        ["flags"] = new JsonArray() },
        ["result"] = new JsonObject { ["exit_code"] = 0 },
    });

    private JsonObject Start(string id, int machine) => Event("cli_cmd", id, new JsonObject
    {
        ["cmd"] = "localstack start", ["params"] = new JsonArray([.. ParametersOf(machine).Select(p => (JsonNode)p)]),
    });

    private JsonObject Metric(string id, int machine) => Event("ls_metrics", id, new JsonObject
    {
        ["metrics"] = new JsonArray(new JsonObject { ["namespace"] = "lambda", ["name"] = "metric_" + Letters(machine), ["value"] = 1 }),
    });

    private JsonObject Event(string name, string id, JsonObject payload) => new()
    {
        ["name"] = name,
        ["metadata"] = new JsonObject { ["session_id"] = id, ["client_time"] = $"2026-11-22 08:00:00.{random.Next(1_000_000):000000}" },
        ["payload"] = payload,
    };

    private static string SessionId(int machine) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{machine:x12}");

    // Three of ten parameters: 120 different sets, in ordinal order.
    private static IEnumerable<string> ParametersOf(int machine)
    {
        var sets = from a in Enumerable.Range(
            0, 10) from b in Enumerable.Range(a + 1, 9 - a) from c in Enumerable.Range(b + 1, 9 - b) select (a, b, c);
        var (x, y, z) = sets.ElementAt(machine);
        return new[] { Parameters[x], Parameters[y], Parameters[z] }.Order(StringComparer.Ordinal);
    }

    private static string Letters(int machine) =>
        new([.. machine.ToString("000", CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0'))]);

    [GeneratedRegex("[A-Z][A-Z0-9]|[0-9]")]
    private static partial Regex OtherThanWords();

    private static string Kebab(string operation) => string.Concat(
        operation.Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
