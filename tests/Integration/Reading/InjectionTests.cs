using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Tests.Integration.Reading;

/// <summary>
/// Markup, scripts and formulas in every stored text. The policy lets none of them in; the tests write them directly to the tables.
/// </summary>
[Collection(SharedDynamoDb.Name)]
public sealed class InjectionTests(DynamoDbLocal dynamoDb)
{
    private const string Token = "ls-AbCdEfGh-0123";
    private const string Session = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    // Creating tables takes longer than requests: both tests of a text share them.
    private static readonly Dictionary<string, InsightsBench> Benches = [];

    private const string Day = "from=2026-11-22&to=2026-11-22";

    public static TheoryData<string> Texts =>
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</script><!--",
        "=HYPERLINK(\"http://example.org\",\"click\")",
        "=1+1",
        "+1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1+1",
        "a,b\r\n=1+1,\"c\"",
        "'; DROP TABLE sessions; --",
        "{{constructor.constructor('alert(1)')()}}",
        "line\u2028separator\u0000nul",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_stored_text_is_shown_as_text_in_json(string text)
    {
        var bench = await Filled(text);
        var name = Plain(text);

        var list = await Ask(bench, "/stacks", Token);
        var detail = await Ask(bench, $"/stacks/{Session}", Token);
        var events = await Ask(bench, $"/stacks/{Session}/events", Token);
        var requests = await Ask(bench, $"/usage/requests?{Day}", InsightsBench.OperatorKey);
        var commands = await Ask(bench, $"/usage/cli?{Day}", InsightsBench.OperatorKey);
        var features = await Ask(bench, $"/usage/features?{Day}", InsightsBench.OperatorKey);
        var sessions = await Ask(bench, $"/usage/sessions?{Day}", InsightsBench.OperatorKey);

        Assert.Equal(text, (string?)list["rows"]![0]!["version"]);
        Assert.Equal(name, (string?)list["rows"]![0]!["services"]![0]);
        Assert.Equal(text, (string?)detail["user_agents"]![0]!["user_agent"]);
        Assert.Equal(text, (string?)detail["regions"]![0]!["region"]);
        foreach (var member in new[] { "service", "operation", "err_type", "err_msg", "stack_trace", "region", "account_id", "user_agent" })
            Assert.Equal(text, (string?)events["rows"]![0]![member]);
        Assert.Equal((name, name), ((string?)requests["rows"]![0]!["service"], (string?)requests["rows"]![0]!["operation"]));
        Assert.Equal(name, (string?)commands["rows"]![0]!["command"]);
        Assert.Equal(name, (string?)features["rows"]![0]!["feature"]);
        Assert.Contains(text, sessions["rows"]![0]!["versions"]!.AsObject().Select(v => v.Key));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_stored_text_is_never_a_formula_and_never_breaks_a_cell_in_csv(string text)
    {
        var bench = await Filled(text);
        var name = Plain(text);

        var requests = await Csv(bench, $"/usage/requests?{Day}");
        var commands = await Csv(bench, $"/usage/cli?{Day}");
        var features = await Csv(bench, $"/usage/features?{Day}");
        var versions = await Csv(bench, $"/usage/sessions?{Day}&by=version");

        Assert.Equal([Safe(name), Safe(name), "200", "5", "0", "0"], requests[1]);
        Assert.Equal(["service", "operation", "status_code", "calls", "errors", "error_rate"], requests[0]);
        Assert.Equal(Safe(name), commands[1][0]);
        Assert.Equal(Safe(name), features[1][0]);
        Assert.Equal([Safe(text), "3"], versions[1]);
        foreach (var table in new[] { requests, commands, features, versions })
        {
            // One header and one row: the total is not a row, and a line end in a text does not start one.
            Assert.Equal(2, table.Count);
            Assert.All(table, row => Assert.Equal(table[0].Count, row.Count));
            Assert.DoesNotContain(table.SelectMany(row => row), cell => cell.Length > 0
                && "=+-@\t\r\n＝＋－＠".Contains(cell[0], StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("text/csv", true)]
    [InlineData("TEXT/CSV;q=0.5", true)]
    [InlineData("text/csv, application/json;q=0.9", true)]
    [InlineData("application/json, text/csv;q=0.9", false)]
    [InlineData("application/json", false)]
    [InlineData("text/csv;q=0", false)]
    [InlineData("*/*", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task The_client_chooses_between_csv_and_json(string? accept, bool csv)
    {
        var bench = await InsightsBench.Shared(dynamoDb);

        var answer = await bench.Get($"/usage/requests?{Day}", InsightsBench.OperatorKey, accept);

        Assert.Equal(csv ? "text/csv; charset=utf-8; header=present" : "application/json", answer.Headers!["Content-Type"]);
    }

    // Names in counter keys cannot contain the separators.
    private static string Plain(string text) => text.Replace('#', '.').Replace('|', '.').Replace('~', '.');

    private static string Safe(string text) => "=+-@\t\r\n＝＋－＠".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    private async Task<InsightsBench> Filled(string text)
    {
        if (Benches.TryGetValue(text, out var bench)) return bench;
        Benches[text] = bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session, Token);
        await bench.DynamoDb.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = bench.SessionsTableName,
            Key = new() { ["session_id"] = new() { S = Session } },
            UpdateExpression = "SET version = :text, #system = :text",
            ExpressionAttributeNames = new() { ["#system"] = "system" },
            ExpressionAttributeValues = new() { [":text"] = new() { S = text } },
        });
        var call = new JsonObject { ["status_code"] = 400 };
        foreach (var member in new[] { "service", "operation", "err_type", "err_msg", "stack_trace", "region", "account_id",
            "user_agent" }) call[member] = text;
        await bench.Write(
            bench.CallsTableName,
            [LargeSession.LogItem(Session, bench.Clock.GetUtcNow(), bench.Clock.GetUtcNow(), 1,
                LargeSession.Pack(new JsonObject { ["calls"] = new JsonArray(call) }))]);
        var name = Plain(text);
        await bench.Write(bench.CountersTableName,
        [
            LargeSession.Item(new CounterKey(StackMetric.Of(Session), "2026-11-22T07"), new()
            {
                [StackMetric.Call(name, name, "400")] = 1, ["minute#32"] = 1, ["failed_minute#32"] = 1, ["user_agent#" + text] = 1,
                ["region#" + text] = 1,
            }),
            LargeSession.Item(StackMetric.TotalOf(Session), new() { ["calls"] = 1, ["failed"] = 1, ["service#" + name] = 1 }),
            LargeSession.Item(RequestMetric.Key("2026-11-22", name, name, 1), new() { [RequestMetric.Attribute(name, "200")] = 5 }),
            LargeSession.Item(new CounterKey("cli#2026-11-22", "~h1#1"), new() { [$"set#{name}|{name}"] = 1 }),
            LargeSession.Item(new CounterKey("features#2026-11-22", name + "#1"), new()
            {
                [FeatureMetric.Attribute("label=" + name, "uses")] = 1, [FeatureMetric.Attribute("label=" + name, "sum#" + name)] = 1,
            }),
            LargeSession.Item(new CounterKey("sessions#2026-11-22", "all#1"), new() { ["sessions"] = 3, ["version#" + text] = 3 }),
        ]);
        return bench;
    }

    private static async Task<JsonObject> Ask(InsightsBench bench, string path, string token)
    {
        var answer = await bench.Get(path, token);
        Assert.True(answer.StatusCode == 200, answer.Body);
        // The answer cannot be taken for markup, neither as a page nor inside a script.
        Assert.Equal("application/json", answer.Headers!["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.DoesNotContain('<', answer.Body!);
        Assert.DoesNotContain('\u2028', answer.Body!);
        return JsonNode.Parse(answer.Body!)!.AsObject();
    }

    private static async Task<List<List<string>>> Csv(InsightsBench bench, string path)
    {
        var answer = await bench.Get(path, InsightsBench.OperatorKey, "text/csv");
        Assert.True(answer.StatusCode == 200, answer.Body);
        Assert.Equal("text/csv; charset=utf-8; header=present", answer.Headers!["Content-Type"]);
        Assert.StartsWith("attachment;", answer.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.EndsWith("\r\n", answer.Body, StringComparison.Ordinal);
        return Rfc4180.Parse(answer.Body!);
    }
}
