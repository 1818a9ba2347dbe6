using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Metrics;
using Collector.Redaction;
using Collector.Storage;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// A sender makes up names, or sends as many as possible. Every stored event must be counted, and the counts of others must not suffer.
/// </summary>
public sealed class FloodTests : IDisposable
{
    private const int DynamoDbItem = 400 * 1024;
    private const string SessionId = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    private const string Session = $$$"""{"name":"session","payload":{"session_id":"{{{SessionId}}}","api_key":"key","version":"2026.3.1"}}""";
    private static readonly DateOnly Today = new(2026, 11, 22);

    private readonly IngestBench bench = new(Policies.Everything);

    public FloodTests() => bench.DynamoDb.MaxItemBytes = DynamoDbItem;

    public void Dispose() => bench.DynamoDb.Dispose();

    [Fact]
    public async Task Every_operation_and_status_of_s3_leaves_room_for_the_next_call()
    {
        // In an earlier design, five requests with 5,000 operations and status codes each filled the item of s3 for the rest of the day.
        var operations = Operations("s3");
        var pairs = operations.SelectMany(operation => Enumerable.Range(100, 500).Select(status => (operation, status))).ToList();
        foreach (var chunk in pairs.Chunk(5_000)) await bench.Post(
            Counts(chunk.Select(pair => ("s3", pair.operation, pair.status))), "requests");
        await bench.Post(Counts([("s3", "PutObject", 200)]), "requests");
        await bench.Count();

        Assert.Equal(pairs.Count + 1, Numbers("requests").Sum(n => n.Number));
        Assert.Equal(2, Numbers("requests").Where(n => n.Attribute == "PutObject#200").Sum(n => n.Number));
        Assert.Equal(
            StatusCodes.Names.Order(StringComparer.Ordinal),
            Numbers("requests").Select(n => RequestMetric.Parse(n.Attribute)!.Value.Status).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(bench.Metrics, line => Number(line, "counter_item_full") > 0);
    }

    [Fact]
    public async Task Made_up_labels_are_counted_within_limits()
    {
        var made = 0;
        for (var request = 0; request < 12; request++)
        {
            await bench.Post(Encoding.UTF8.GetBytes(
                Envelope(Enumerable.Range(0, 1_000).Select(_ => Feature("made_up_" + Letters(made++))))), "features");
            await bench.Count();
        }

        await bench.Post(Envelope([Json("run_init", """{"stage":"READY","scripts":2,"duration":153}""")]), "features");
        await bench.Count();

        var uses = Numbers("features").Where(n => n.Attribute.EndsWith("#uses", StringComparison.Ordinal)).ToList();
        Assert.Equal(made + 1, uses.Sum(n => n.Number));
        Assert.Equal(made, Numbers("features").Where(n => n.Attribute.EndsWith("#sum#value", StringComparison.Ordinal)).Sum(n => n.Number));
        Assert.Equal(1, uses.Single(n => n.Attribute == "set#stage=READY#uses").Number);
        Assert.True(uses.Single(n => n.Attribute == "set#other=other#uses").Number > 0, "no label exceeded the limit");
        Assert.All(bench.DynamoDb.Items("counters"), item => Assert.InRange(ItemSize.Bytes(item), 1, 300 * 1024));
    }

    [Fact]
    public async Task A_sessions_hour_accepts_any_number_of_user_agents_and_adds_up()
    {
        await bench.Session(Session);
        const int Calls = 2_600;
        foreach (var chunk in Enumerable.Range(0, Calls).Chunk(200))
        {
            await bench.Post(Envelope(chunk.Select(i => Call($"aws-cli/{1 + (i % 99)}.{1 + (i / 99)}.0 botocore/1.{i % 7}.0 exec-env/x"))));
            await bench.Count();
        }

        var hour = bench.DynamoDb.Items("counters").Single(i => i["metric"].S == "stack#" + SessionId && i["group"].S != StackMetric.Total);
        var numbers = CounterItem.NumbersOf(hour);
        var agents = numbers.Where(n => n.Key.StartsWith(StackMetric.UserAgentPrefix, StringComparison.Ordinal)).ToList();
        Assert.Equal(Limits.NamesPerSessionHour + 1, agents.Count);
        Assert.Equal(Calls, agents.Sum(n => n.Value));
        Assert.True(numbers[StackMetric.UserAgentPrefix + "other"] > 0);
        Assert.Equal(Calls, numbers["call#s3#PutObject#200"]);
    }

    [Fact]
    public async Task Numbers_that_do_not_fit_a_full_item_are_counted_as_other_in_an_overflow_item_and_reported()
    {
        bench.DynamoDb.MaxItemBytes = 2_500;
        var operations = Operations("s3");
        foreach (var operation in operations)
        {
            await bench.Post(Counts([("s3", operation, 200), ("s3", operation, 404)]), "requests");
            await bench.Count();
        }

        Assert.Equal(operations.Count * 2, Numbers("requests").Sum(n => n.Number));
        var overflow = Numbers("requests").Where(n => n.Group.Contains(Group.OverflowMark, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(overflow);
        Assert.All(overflow, n => Assert.Contains(n.Attribute, (string[])["other#200", "other#404"]));
        Assert.Contains(bench.Metrics, line => Number(line, "counter_item_full") > 0);
    }

    [Fact]
    public async Task A_batch_of_calls_whose_traces_do_not_compress_is_split_into_items_of_at_most_350_kb()
    {
        await bench.Session(Session);
        var random = new Random(1);
        var trace = () => string.Join("\\n", Enumerable.Range(0, 120).Select(_ =>
            $"  File \\\"/opt/code/localstack/localstack/services/{Word(random)}/{Word(random)}.py\\\", line {random.Next(9999)}, in {Word(random)}"));
        var events = Enumerable.Range(0, 60).Select(_ => Call("aws-cli/1.2.3", $$""","stack_trace":"Traceback (most recent call last):\n{{trace()}}" """, 500)).ToList();
        var answer = IngestBench.Json(await bench.Post(Envelope(events)));
        Assert.Equal(60, (int)answer["stored"]!);
        Assert.All(bench.DynamoDb.Items("calls"), item => Assert.InRange(ItemSize.Bytes(item), 1, 350 * 1024));
    }

    [Fact]
    public void The_largest_call_that_the_policy_allows_fits_into_a_log_item()
    {
        // A character takes up to three bytes, or six when it is escaped. Nothing is ever removed from a call to make it fit.
        var fields = Policies.Shipped.Enforced.Events.Single(e => e.Name == "aws_request").Fields!.Where(f => f.As is not null);
        var largest = fields.Sum(field => 40 + (6 * (field.AtMost ?? field.MaxLength)));
        Assert.InRange(Limits.LogItemJsonBytes + largest, 1, 350 * 1024);
    }

    [Fact]
    public async Task Two_identical_bodies_count_once()
    {
        var body = Envelope([Json("cli_cmd", """{"cmd":"localstack start","params":[]}""")]);
        var first = IngestBench.Json(await bench.Post(body));
        bench.Clock.AdjustTime(bench.Clock.GetUtcNow().AddHours(3));
        var second = IngestBench.Json(await bench.Post(body));
        var other = IngestBench.Json(await bench.Post(body.Replace("[]", "[ ]", StringComparison.Ordinal)));
        Assert.Equal((1, 0, 1), ((int)first["stored"]!, (int)second["stored"]!, (int)second["duplicates"]!));
        Assert.Equal(1, (int)other["stored"]!);
        await bench.Count();
        Assert.Equal(2, Numbers("cli").Sum(n => n.Number));
    }

    private static List<string> Operations(string service) =>
    [
        .. Encoding.ASCII.GetString(SortedLines.Embedded("aws-operations.tsv").Bytes).Split('\n')
            .Where(l => l.StartsWith(service + "\t", StringComparison.Ordinal))
            .Select(l => l.Split('\t')[1]),
    ];

    private IEnumerable<(string Group, string Attribute, long Number)> Numbers(string metric) =>
        bench.DynamoDb.Items("counters").Select(CounterItem.Of)
        .Where(item => item.Metric == $"{metric}#{Day.Of(Today)}")
            .SelectMany(item => item.Numbers, (item, n) => (item.Group, n.Key, n.Value));

    private static long Number(string line, string name) => (long?)JsonNode.Parse(line)![name] ?? 0;

    private static byte[] Counts(IEnumerable<(string Service, string Operation, int Status)> entries) =>
        Encoding.UTF8.GetBytes(new JsonObject
    {
        ["events"] = new JsonArray(new JsonObject
        {
            ["name"] = "aws_request_agg",
            ["payload"] = new JsonObject
            {
                ["api_calls"] = new JsonArray([.. entries.Select(e => (JsonNode)new JsonObject
                {
                    ["service"] = e.Service, ["operation"] = e.Operation, ["status_code"] = e.Status, ["count"] = 1,
                })]),
            },
        }),
    }.ToJsonString());

    private static string Envelope(IEnumerable<string> events) => $$"""{"events":[{{string.Join(',', events)}}]}""";

    private static string Json(string name, string payload) => $$"""{"name":"{{name}}","metadata":{},"payload":{{payload}}}""";

    private static string Feature(string name) => Json("ls_metrics", $$"""{"metrics":[{"namespace":"lambda","name":"{{name}}","value":1}] }""");

    private static string Call(string agent, string more = "", int status = 200) => $$$"""
        {"name":"aws_request","metadata":{"session_id":"{{{SessionId}}}","client_time":"2026-11-22 07:32:46.103769"},
        "payload":{"service":"s3","operation":"PutObject","status_code":{{{status}}},"region":"us-east-1","user_agent":"{{{agent}}}"{{{more}}}}}
        """;

    private static string Word(Random random) => new([.. Enumerable.Range(0, 12).Select(_ => (char)('a' + random.Next(26)))]);

    private static string Letters(int number) =>
        new([.. number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0'))]);
}
