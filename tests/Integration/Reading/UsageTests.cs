using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Tests.Integration.Reading;

/// <summary>The usage API reads the counters that the Aggregator wrote.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class UsageTests(DynamoDbLocal dynamoDb)
{
    private int serial;

    private const string Week = "from=2026-11-16&to=2026-11-22";

    [Theory]
    [InlineData("all", "calls", "s3 PutObject 200,s3 PutObject 404,sqs DeleteQueue 400,sqs SendMessage 200,sns Publish 500")]
    [InlineData("operation", "calls", "s3 PutObject,sqs DeleteQueue,sqs SendMessage,sns Publish")]
    [InlineData("service", "errors", "s3,sqs,sns")]
    [InlineData("service", "error_rate", "sns,sqs,s3")]
    [InlineData("status", "calls", "200,404,400,500")]
    public async Task Rows_are_grouped_and_ordered_as_requested_and_add_up(string by, string order, string expected)
    {
        using var bench = await Filled();

        var answer = await bench.Json($"/usage/requests?{Week}&by={by}&order={order}", InsightsBench.OperatorKey);

        var rows = answer["rows"]!.AsArray();
        Assert.Equal(expected.Split(','), rows.Select(
            r => string.Join(' ', new[] { "service", "operation", "status_code" }.Select(n => r![n]?.ToString()).OfType<string>())));
        Assert.Equal((1100, 160), ((int)answer["total"]!["calls"]!, (int)answer["total"]!["errors"]!));
        Assert.Equal(1100, rows.Sum(r => (int)r!["calls"]!));
        Assert.Equal(160, rows.Sum(r => (int)r!["errors"]!));
        Assert.Null(answer["omitted"]);
    }

    [Fact]
    public async Task Omitted_rows_are_summed_so_that_the_total_is_the_sum()
    {
        using var bench = await Filled();

        var limited = await bench.Json($"/usage/requests?{Week}&by=operation&limit=1", InsightsBench.OperatorKey);
        var floored = await bench.Json($"/usage/requests?{Week}&by=operation&order=error_rate&min_calls=50", InsightsBench.OperatorKey);

        Assert.Equal((1000, 100, 1100), (Calls(limited["rows"]![0]!), Calls(limited["omitted"]!), Calls(limited["total"]!)));
        Assert.Equal(["DeleteQueue", "PutObject"], floored["rows"]!.AsArray().Select(r => (string?)r!["operation"]));
        Assert.Equal(1100, floored["rows"]!.AsArray().Sum(r => Calls(r!)) + Calls(floored["omitted"]!));
    }

    [Fact]
    public async Task Each_row_shows_the_previous_period_and_names_no_longer_used_still_have_a_row()
    {
        using var bench = await Filled();
        await bench.Write(bench.CountersTableName,
        [
            Requests("2026-11-15", "s3", 0, ("PutObject", 200, 400), ("PutObject", 404, 100)),
            Requests("2026-11-09", "ec2", 0, ("RunInstances", 200, 7)),
            Requests("2026-11-08", "s3", 0, ("PutObject", 200, 9999)),
        ]);

        var answer = await bench.Json($"/usage/requests?{Week}&by=service&compare=previous", InsightsBench.OperatorKey);

        Assert.Equal("""{"from":"2026-11-09","to":"2026-11-15"}""", answer["previous"]!.ToJsonString());
        var s3 = answer["rows"]![0]!;
        Assert.Equal("""{"calls":500,"errors":100,"error_rate":0.2}""", s3["previous"]!.ToJsonString());
        var gone = answer["rows"]!.AsArray().Single(r => (string?)r!["service"] == "ec2")!;
        Assert.Equal((0, 7), (Calls(gone), Calls(gone["previous"]!)));
        Assert.Equal(507, Calls(answer["total"]!["previous"]!));
        Assert.Equal(507, answer["rows"]!.AsArray().Sum(r => Calls(r!["previous"]!)));
    }

    [Fact]
    public async Task By_day_every_day_has_a_row_with_the_matching_day_of_the_previous_period()
    {
        using var bench = await Filled();
        await bench.Write(bench.CountersTableName, [Requests("2026-11-15", "s3", 0, ("PutObject", 200, 3))]);

        var rows = (await bench.Json($"/usage/requests?{Week}&by=day&compare=previous&service=s3",
        InsightsBench.OperatorKey))["rows"]!.AsArray();

        Assert.Equal(Enumerable.Range(16, 7).Select(d => $"2026-11-{d}"), rows.Select(r => (string?)r!["day"]));
        Assert.Equal([0, 0, 0, 0, 0, 1000, 0], rows.Select(r => Calls(r!)));
        Assert.Equal([0, 0, 0, 0, 0, 0, 3], rows.Select(r => Calls(r!["previous"]!)));
    }

    [Fact]
    public async Task A_past_month_gives_the_same_answers_before_and_after_its_rollup()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
        var random = new Random(7);
        await bench.Write(bench.CountersTableName, Enumerable.Range(1, 31)
            .SelectMany(day => new[] { "s3", "s3~1", "sqs" }.SelectMany(service => new[] { 0, 5 }.Select(shard =>
            Requests($"2026-10-{day:00}", service, shard, ("PutObject", 200, random.Next(100)), ("PutObject", 500, random.Next(3)))))));
        string[] questions =
        [
            "from=2026-10-01&to=2026-10-31", "from=2026-10-01&to=2026-10-31&by=day", "from=2026-10-05&to=2026-10-20&by=service",
            "from=2026-09-15&to=2026-11-05&by=operation", "from=2026-10-30&to=2026-11-02&by=day",
            "from=2026-10-16&to=2026-10-31&by=service&compare=previous",
        ];
        var unfolded = await Answers();
        await bench.RollUp();
        bench.DynamoDb.Forget();
        await bench.Json("/usage/requests?" + questions[0], InsightsBench.OperatorKey);
        Assert.Single(bench.DynamoDb.Reads);

        Assert.Equal(unfolded, await Answers());

        async Task<List<string>> Answers()
        {
            var answers = new List<string>();
            foreach (var question in questions) answers.Add(
                (await bench.Json("/usage/requests?" + question, InsightsBench.OperatorKey)).ToJsonString());
            return answers;
        }
    }

    [Fact]
    public async Task A_rollup_with_a_missing_part_is_not_read()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.Write(bench.CountersTableName, [Requests("2026-10-31", "s3", 0, ("PutObject", 200, 1))]);
        var fold = new Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>
        {
            ["metric"] = new() { S = "requests#2026-10" }, ["group"] = new() { S = "0" }, ["parts"] = new() { N = "2" },
            ["data"] = new() { B = new MemoryStream(new MonthRollup(new DateOnly(2026, 10, 1)).Pack()[0]) },
        };
        await bench.Write(bench.CountersTableName, [fold]);

        Assert.Equal(1, Calls((await bench.Json("/usage/requests?from=2026-10-01&to=2026-10-31", InsightsBench.OperatorKey))["total"]!));
    }

    [Fact]
    public async Task Sessions_are_shown_per_day_with_distinct_machines_and_by_version_and_system()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        for (var i = 0; i < 6; i++)
        {
            bench.Clock.AdjustTime(new DateTimeOffset(2026, 11, 21 + i / 4, 9, i, 0, TimeSpan.Zero));
            await bench.StartSession($"{i:x8}-0000-4000-8000-000000000000", "ls-token", version: i % 2 == 0 ? "2026.3.1" : "none of yours",
                ci: i == 0, machine: $"dkr_00{i % 3}");
        }

        await bench.Count();

        var answer = await bench.Json($"/usage/sessions?{Week}", InsightsBench.OperatorKey);
        var rows = answer["rows"]!.AsArray();
        Assert.Equal(7, rows.Count);
        Assert.Equal(
            """{"day":"2026-11-21","sessions":4,"active":4,"machines":3,"ci":1,"docker":4,"pro":4,"versions":{"2026.3.1":2,"unknown":2},"systems":{"Linux":4}}""",
            Ordered(rows[5]!));
        Assert.Equal((2, 2), ((int)rows[6]!["sessions"]!, (int)rows[6]!["machines"]!));
        Assert.Equal(0, (int)rows[0]!["machines"]!);
        foreach (var number in new[] { "sessions", "active", "machines", "ci", "docker", "pro" })
            Assert.Equal((int)answer["total"]![number]!, rows.Sum(r => (int)r![number]!));
        foreach (var part in new[] { "versions", "systems" })
            Assert.Equal(6, answer["total"]![part]!.AsObject().Sum(v => (int)v.Value!));
        var versions = await bench.Json($"/usage/sessions?{Week}&by=version", InsightsBench.OperatorKey);
        Assert.Equal("""[{"version":"2026.3.1","sessions":3},{"version":"unknown","sessions":3}]""", versions["rows"]!.ToJsonString());
    }

    [Fact]
    public async Task Reading_changes_nothing()
    {
        using var bench = await Filled();
        bench.Clock.AdjustTime(bench.Clock.GetUtcNow().AddDays(30));
        await bench.StartSession("00000000-0000-4000-8000-000000000000", "ls-token");
        await bench.Count();
        var before = await bench.CounterItems();

        foreach (var metric in AllMetrics.ShownByDay)
            await bench.Json($"/usage/{metric.Name}?from=2026-11-01&to=2026-12-22", InsightsBench.OperatorKey);

        Assert.Equal(before, await bench.CounterItems());
    }

    [Fact]
    public async Task Commands_and_features_are_summed_compared_and_shown_by_day()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.Write(bench.CountersTableName,
        [
            LargeSession.Item(new CounterKey("cli#2026-11-20", "localstack start|detached#1"), new() { ["invocations"] = 4 }),
            LargeSession.Item(new CounterKey("cli#2026-11-20", "localstack start|#2"), new() { ["invocations"] = 1 }),
            // Current items, beside those of an earlier version in which each command had its own item.
            LargeSession.Item(new CounterKey("cli#2026-11-20", "~h4#2"), new() { ["command#localstack start"] = 2 }),
            LargeSession.Item(new CounterKey("cli#2026-11-14", "localstack start|#2"), new() { ["invocations"] = 2 }),
            LargeSession.Item(new CounterKey("features#2026-11-20", "run_init|stage=READY#1"),
                new() { ["uses"] = 2, ["sum#scripts"] = 4, ["histogram#duration_ms#256"] = 3 }),
            LargeSession.Item(new CounterKey("features#2026-11-21", "run_init|stage=BOOT#1"), new() { ["uses"] = 1, ["sum#scripts"] = 1 }),
            LargeSession.Item(new CounterKey("features#2026-11-20", "run_init#1"),
                new() { ["set#stage=READY#uses"] = 1, ["set#stage=READY#sum#scripts"] = 2 }),
        ]);

        var commands = await bench.Json($"/usage/cli?{Week}&by=command&compare=previous", InsightsBench.OperatorKey);
        var days = await bench.Json($"/usage/cli?{Week}&by=day", InsightsBench.OperatorKey);
        var features = await bench.Json($"/usage/features?{Week}", InsightsBench.OperatorKey);

        Assert.Equal("""[{"command":"localstack start","invocations":7,"previous":{"invocations":2}}]""", commands["rows"]!.ToJsonString());
        Assert.Equal([0, 0, 0, 0, 7, 0, 0], days["rows"]!.AsArray().Select(r => (int)r!["invocations"]!));
        Assert.Equal(
            """{"feature":"run_init","labels":{"stage":"READY"},"uses":3,"sums":{"scripts":6},"histograms":{"duration_ms":{"256":3}}}""",
            features["rows"]![0]!.ToJsonString());
        Assert.Equal("""{"uses":4}""", features["total"]!.ToJsonString());
    }

    [Theory]
    [InlineData("service", "calls", "0,0,0,0,0,1000,0")]
    [InlineData("service", "errors", "0,0,0,0,0,100,0")]
    [InlineData("operation", "error_rate", "49,0,0,0,0,0,1")]
    public async Task A_trend_shows_the_number_by_which_rows_are_ordered_and_adds_up_to_it(string by, string order, string expected)
    {
        using var bench = await Filled();

        var rows = (await bench.Json($"/usage/requests?{Week}&by={by}&order={order}&trend=parts", InsightsBench.OperatorKey))["rows"]!
            .AsArray();

        Assert.Contains(expected, rows.Select(row => string.Join(',', row!["trend"]!.AsArray().Select(part => (long)part!))));
        Assert.All(rows, row => Assert.Equal(
            (long)row![order == "calls" ? "calls" : "errors"]!, row["trend"]!.AsArray().Sum(part => (long)part!)));
    }

    [Fact]
    public async Task A_long_period_has_thirty_parts_that_cover_every_day()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.Write(bench.CountersTableName, [.. Enumerable.Range(0, 100).Select(i => Requests(
            new DateOnly(2026, 8, 15).AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "s3", 0, ("PutObject", 200, 1)))]);

        var row = (await bench.Json(
            "/usage/requests?from=2026-08-15&to=2026-11-22&by=service&trend=parts", InsightsBench.OperatorKey))["rows"]![0]!;

        var trend = row["trend"]!.AsArray().Select(part => (int)part!).ToList();
        Assert.Equal((30, 100), (trend.Count, trend.Sum()));
        Assert.All(trend, part => Assert.InRange(part, 3, 4));
    }

    [Fact]
    public async Task Commands_and_features_have_trends_only_on_request()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.Write(bench.CountersTableName,
        [
            LargeSession.Item(new CounterKey("cli#2026-11-20", "~h4#2"), new() { ["command#localstack start"] = 2 }),
            LargeSession.Item(new CounterKey("cli#2026-11-13", "~h4#2"), new() { ["command#localstack start"] = 9 }),
            LargeSession.Item(new CounterKey("features#2026-11-21", "run_init#1"),
                new() { ["set#stage=READY#uses"] = 3, ["set#stage=READY#sum#scripts"] = 8 }),
        ]);

        var commands = await bench.Json($"/usage/cli?{Week}&compare=previous&trend=parts", InsightsBench.OperatorKey);
        var features = await bench.Json($"/usage/features?{Week}&trend=parts", InsightsBench.OperatorKey);

        Assert.Equal(
            """[{"command":"localstack start","parameters":[],"invocations":2,"trend":[0,0,0,0,2,0,0],"previous":{"invocations":9}}]""",
            commands["rows"]!.ToJsonString());
        Assert.Equal("[0,0,0,0,0,3,0]", features["rows"]![0]!["trend"]!.ToJsonString());
        Assert.Null((await bench.Json($"/usage/cli?{Week}", InsightsBench.OperatorKey))["rows"]![0]!["trend"]);
    }

    [Fact]
    public async Task Services_are_ranked_by_sessions_so_that_a_session_with_many_calls_does_not_change_the_order()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < 3; i++)
        {
            var session = $"{i:x8}-0000-4000-8000-000000000000";
            await bench.StartSession(session, "ls-token");
            await Send(session, "sqs", 1);
            if (i == 0) await Send(session, "s3", 20);
        }

        // The next day the same sessions call the services again.
        bench.Clock.Advance(TimeSpan.FromDays(1));
        await Send("00000000-0000-4000-8000-000000000000", "sqs", 1);
        // The number of sessions behind aggregated calls is unknown.
        await bench.SendEvents(
            """{"name":"aws_request_agg","payload":{"api_calls":[{"service":"ec2","operation":"RunInstances","status_code":200,"count":1}]}}""");
        await bench.Count();

        var bySessions = await bench.Json($"/usage/requests?{Week}&by=service&order=sessions&trend=parts", InsightsBench.OperatorKey);
        var byCalls = await bench.Json($"/usage/requests?{Week}&by=service", InsightsBench.OperatorKey);

        Assert.Equal(
            ["sqs 3 4", "s3 1 20", "ec2 0 1"],
            bySessions["rows"]!.AsArray().Select(row => $"{row!["service"]} {row["sessions"]} {row["calls"]}"));
        Assert.Equal("[0,0,0,0,0,3,0]", bySessions["rows"]![0]!["trend"]!.ToJsonString());
        Assert.Equal("s3", (string?)byCalls["rows"]![0]!["service"]);
        Assert.Null(byCalls["total"]!["sessions"]);
        Assert.Equal(400, (await bench.Get($"/usage/requests?{Week}&by=operation&order=sessions", InsightsBench.OperatorKey)).StatusCode);

        Task Send(string session, string service, int calls) => bench.SendEvents([.. Enumerable.Range(0, calls).Select(_ => new JsonObject
        {
            ["name"] = "aws_request",
            ["metadata"] = new JsonObject
            {
                ["session_id"] = session,
                ["client_time"] = string.Create(CultureInfo.InvariantCulture, $"2026-11-21 09:00:00.{serial++:000000}"),
            },
            ["payload"] = new JsonObject
            {
                ["service"] = service, ["operation"] = service == "s3" ? "PutObject" : "SendMessage", ["status_code"] = 200,
            },
        }.ToJsonString())]);
    }

    [Fact]
    public async Task Calls_that_overflowed_a_full_item_are_shown_on_their_day()
    {
        using var bench = await Filled();
        await bench.Write(bench.CountersTableName, [Requests("2026-11-21", "s3~full", 3, ("other", 200, 7))]);

        var rows = (await bench.Json($"/usage/requests?{Week}&by=day", InsightsBench.OperatorKey))["rows"]!.AsArray();

        Assert.Equal([null, null, null, null, null, 7L, null], rows.Select(row => (long?)row!["overflow"]));
        Assert.Equal(1007, Calls(rows[5]!));
        // The number belongs to a day: no ranking shows it, whatever its order.
        var ranking = await bench.Json($"/usage/requests?{Week}&by=service&order=sessions", InsightsBench.OperatorKey);
        Assert.All(ranking["rows"]!.AsArray(), row => Assert.Null(row!["overflow"]));
    }

    [Theory]
    [InlineData("from=2026-11-23&to=2026-11-22", "from")]
    [InlineData("from=2025-10-18&to=2026-11-22", "days apart")]
    [InlineData("from=22.11.2026", "from")]
    [InlineData("to=0001-01-01", "to")]
    [InlineData("to=9999-12-31", "to")]
    [InlineData("by=region", "by")]
    [InlineData("order=random", "order")]
    [InlineData("limit=10001", "limit")]
    [InlineData("min_calls=-1", "min_calls")]
    [InlineData("compare=yes", "compare")]
    [InlineData("trend=true", "trend")]
    public async Task An_invalid_parameter_is_answered_with_400_and_its_name(string query, string named)
    {
        var bench = await InsightsBench.Shared(dynamoDb);

        var answer = await bench.Get("/usage/requests?" + query, InsightsBench.OperatorKey);

        Assert.Equal(400, answer.StatusCode);
        Assert.Contains(named, (string?)JsonNode.Parse(answer.Body!)!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Four_hundred_days_are_answered()
    {
        using var bench = await InsightsBench.Create(dynamoDb);

        var answer = await bench.Json("/usage/requests?from=2025-10-19&to=2026-11-22&by=day&compare=previous", InsightsBench.OperatorKey);

        Assert.Equal(400, answer["rows"]!.AsArray().Count);
    }

    private async Task<InsightsBench> Filled()
    {
        var bench = await InsightsBench.Create(dynamoDb);
        await bench.Write(bench.CountersTableName,
        [
            Requests("2026-11-21", "s3", 0, ("PutObject", 200, 900), ("PutObject", 404, 50)),
            Requests("2026-11-21", "s3", 3, ("PutObject", 404, 50)),
            Requests("2026-11-16", "sqs", 0, ("DeleteQueue", 400, 49), ("SendMessage", 200, 40)),
            Requests("2026-11-22", "sqs", 1, ("DeleteQueue", 400, 1)),
            Requests("2026-11-22", "sns", 0, ("Publish", 500, 10)),
            Requests("2026-11-15", "s3", 7, ("PutObject", 200, 0)),
        ]);
        return bench;
    }

    private static Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> Requests(
        string day, string service, int shard, params (string Operation, int Status, long Calls)[] calls) =>
        LargeSession.Item(
            new CounterKey("requests#" + day, string.Create(CultureInfo.InvariantCulture, $"{service}#{shard}")),
            calls.ToDictionary(c => RequestMetric.Attribute(c.Operation, StatusCodes.Name(c.Status)), c => c.Calls));

    private static int Calls(JsonNode row) => (int)row["calls"]!;

    // Sorts versions and systems by name.
    private static string Ordered(JsonNode row)
    {
        foreach (var name in new[] { "versions", "systems" })
            row[name] = new JsonObject(row[name]!.AsObject().OrderBy(v => v.Key, StringComparer.Ordinal)
                .Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value!.DeepClone())));
        return row.ToJsonString();
    }
}
