using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Ingest;

/// <summary>
/// For every outcome of an event, its answer, its metric and the public ledger agree (I6). The answer and the metric count a repeated
/// request again; the ledger counts it once.
/// </summary>
public sealed class OutcomeTests
{
    private const string Session = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    private const string Call = """
        {"name": "aws_request", "metadata": {"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24"},
         "payload": {"service": "s3", "operation": "PutObject", "status_code": 200}}
        """;

    /// <summary>
    /// The event, the endpoint it is sent to, the status of its session, and its outcome the first and the second time.
    /// </summary>
    public static TheoryData<string, string?, string?, string, string> Events() => new()
    {
        { Call, null, "community", "stored", "duplicate" },
        { """{"name": "cli_cmd", "payload": {"cmd": "localstack start"}}""", "cli", null, "stored", "duplicate" },
        { """{"name": "config", "payload": {"env_vars": {}}}""", null, null, "not_collected", "not_collected" },
        { """{"name": "nobody_knows_it", "payload": {}}""", null, null, "unknown_event", "unknown_event" },
        { """{"name": "cli_cmd", "payload": {"cmd": "localstack start"}}""", "requests", null, "wrong_endpoint", "wrong_endpoint" },
        { """{"name": "cli_cmd", "payload": {"cmd": 17}}""", null, null, "invalid", "invalid" },
        { Call, null, "untracked", "opted_out", "opted_out" },
        { Call, null, "deleted", "opted_out", "opted_out" },
    };

    /// <summary>The session's event, its status before, and its outcome the first and the second time.</summary>
    public static TheoryData<string, string?, string, string> Sessions() => new()
    {
        { Registration(), null, "stored", "duplicate" },
        { Registration(testing: true), null, "opted_out", "opted_out" },
        { Registration(), "deleted", "opted_out", "opted_out" },
        { Registration(token: null), "deleted", "opted_out", "opted_out" },
        { Registration(), "untracked owner", "opted_out", "opted_out" },
        { """{"name": "session", "payload": {"session_id": "no-uuid"}}""", null, "invalid", "invalid" },
        { """{"name": "cli_cmd", "payload": {"cmd": "localstack start"}}""", null, "wrong_endpoint", "wrong_endpoint" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public async Task An_event_has_the_same_outcome_in_answer_metrics_and_ledger(
        string json, string? endpoint, string? status, string first, string second)
    {
        var bench = new IngestBench();
        await Prepare(bench, status);
        await Expect(bench, first, () => bench.Post(json, endpoint), isRepeat: false);
        await Expect(bench, second, () => bench.Post(json, endpoint), isRepeat: true);
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task A_session_has_the_same_outcome_in_answer_metrics_and_ledger(string json, string? status, string first, string second)
    {
        var bench = new IngestBench();
        await Prepare(bench, status);
        await Expect(bench, first, () => bench.Session(json), isRepeat: false);
        await Expect(bench, second, () => bench.Session(json), isRepeat: true);
    }

    [Fact]
    public async Task Everything_is_opted_out_in_a_deployment_that_does_not_track()
    {
        var bench = new IngestBench(Policies.With(track: false));
        await Expect(bench, "opted_out", () => bench.Session(Registration()), isRepeat: false);
        await Expect(bench, "opted_out", () => bench.Session(Registration()), isRepeat: true);
        await Expect(bench, "opted_out", () => bench.Post(Call), isRepeat: false);
        await Expect(bench, "opted_out", () => bench.Post(Call), isRepeat: true);
    }

    [Fact]
    public async Task Events_beyond_the_limits_of_events_and_sessions_are_dropped_as_too_many()
    {
        var bench = new IngestBench();
        var events = string.Join(',', Enumerable.Repeat("{}", 2_001));
        var sessions = string.Join(',', Enumerable.Range(
            0, 9).Select(i => Call.Replace("3426cdeefe24", $"3426cdeefe{i:00}", StringComparison.Ordinal)));
        foreach (var (list, dropped) in new[] { (events, 1), (sessions, 1) })
        {
            var before = await Ledger(bench);
            var answer = IngestBench.Json(await bench.Post($"{{\"events\": [{list}]}}"));
            Assert.Equal(dropped, answer["dropped"]!.AsArray().Where(d => (string?)d!["reason"] == "too_many")
                .Sum(d => (int?)d!["events"] ?? 1));
            Assert.Equal(dropped, Metric(bench, "dropped_too_many"));
            Assert.Equal(dropped, (await Ledger(bench)).GetValueOrDefault(
                "dropped#too_many") - before.GetValueOrDefault("dropped#too_many"));
        }
    }

    private static async Task Prepare(IngestBench bench, string? status)
    {
        if (status is "community") await bench.Session(Registration());
        if (status is "untracked") await bench.Session(Registration(testing: true));
        var marks = new SessionExclusions(bench.DynamoDb, "sessions", Policies.Shipped);
        if (status is "deleted") await marks.MarkErased(Session, bench.Clock.GetUtcNow());
        if (status is "untracked owner") await marks.SetTracks(
            [Policies.Fingerprints.Credential("ls-token")], tracks: false, bench.Clock.GetUtcNow());
    }

    // Sends one event. The outcome must show in its answer (where it has numbers), in its metrics and in the ledger.
    private static async Task Expect(IngestBench bench, string outcome, Func<Task<APIGatewayProxyResponse>> send, bool isRepeat)
    {
        var before = await Ledger(bench);
        var answer = IngestBench.Json(await send());
        var expected = outcome switch { "stored" => (1, 0, 0), "duplicate" => (0, 1, 0), _ => (0, 0, 1) };
        if (answer["received"] is not null)
        {
            Assert.Equal(expected, ((int)answer["stored"]!, (int)answer["duplicates"]!, answer["dropped"]!.AsArray().Count));
            Assert.Equal(outcome is "stored" or "duplicate" ? null : outcome, (string?)answer["dropped"]!.AsArray()
                .SingleOrDefault()?["reason"]);
        }

        Assert.Equal((1, expected), (Metric(
            bench, "received"), (Metric(bench, "stored"), Metric(bench, "duplicates"), Metric(bench, "dropped_" + outcome))));
        Assert.Equal(expected.Item3, Line(bench).Where(m => m.Key.StartsWith("dropped_", StringComparison.Ordinal))
            .Sum(m => (int)m.Value!));

        var added = (await Ledger(bench)).Select(entry => (entry.Key, Times: entry.Value - before.GetValueOrDefault(entry.Key)))
            .Where(entry => entry.Times != 0)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal);
        Assert.Equal(
            isRepeat ? [] : outcome == "stored" ? [("received", 1L), ("stored", 1L)] : [("dropped#" + outcome, 1L), ("received", 1L)],
            added);
    }

    private static int Metric(IngestBench bench, string name) => (int?)Line(bench)[name] ?? 0;

    // The metric line of the last request.
    private static JsonObject Line(IngestBench bench) =>
        bench.Metrics.Select(line => JsonNode.Parse(line)!.AsObject()).Last(line => (string?)line["function"] != "Aggregator");

    // The ledger's current numbers, without stripped fields.
    private static async Task<Dictionary<string, long>> Ledger(IngestBench bench)
    {
        await bench.Count();
        return bench.DynamoDb.Items("counters").Select(CounterItem.Of)
            .Where(item => item.Metric.StartsWith("ledger#", StringComparison.Ordinal))
            .SelectMany(item => item.Numbers).Where(n => !n.Key.StartsWith("stripped#", StringComparison.Ordinal))
            .GroupBy(n => n.Key).ToDictionary(group => group.Key, group => group.Sum(n => n.Value));
    }

    private static string Registration(bool testing = false, string? token = "ls-token") => new JsonObject
    {
        ["name"] = "session",
        ["payload"] = new JsonObject { ["session_id"] = Session, ["api_key"] = token, ["version"] = "2026.3.1", ["is_testing"] = testing },
    }.ToJsonString();
}
