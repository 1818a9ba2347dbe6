using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Storage;

namespace Collector.Tests.Integration.Reading;

/// <summary>A session's calls: each one once, in order, for every filter, page and client clock.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class EventsTests(DynamoDbLocal dynamoDb)
{
    private const string Token = "ls-AbCdEfGh-0123";
    private const string Session = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    private const string Events = $"/stacks/{Session}/events";

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 7, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_call_is_shown_as_stored_with_the_servers_time()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session, Token);
        await bench.SendEvents(InsightsBench.Call(
            Session, "2026-11-21 23:32:40.5", "sqs", "DeleteQueue", 400, "The specified queue does not exist for this wsdl version."));

        var row = Assert.Single((await bench.Json(Events, Token))["rows"]!.AsArray())!.AsObject();

        Assert.Equal(("2026-11-22T07:32:46.000Z", "2026-11-21 23:32:40.5"), ((string?)row["time"], (string?)row["client_time"]));
        Assert.Equal(("sqs", "DeleteQueue", 400), ((string?)row["service"], (string?)row["operation"], (int)row["status_code"]!));
        Assert.Equal("InvalidRequest", (string?)row["err_type"]);
        Assert.Equal("us-east-1", (string?)row["region"]);
        Assert.False((bool)row["is_internal"]!);
        Assert.DoesNotContain("stack_trace", row.Select(m => m.Key));
    }

    /// <summary>
    /// 25 October 2026 in Berlin: 02:59:59 is followed by 02:00:00. The client's clock shows that hour twice, and its times
    /// have no time zone.
    /// </summary>
    [Theory]
    [InlineData("newest", 3)]
    [InlineData("oldest", 3)]
    [InlineData("newest", 100)]
    public async Task On_the_day_when_clocks_go_back_rows_show_the_time_by_which_they_are_sorted(string order, int limit)
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var change = new DateTimeOffset(2026, 10, 25, 1, 0, 0, TimeSpan.Zero);
        bench.Clock.AdjustTime(change.AddHours(-2));
        await bench.StartSession(Session, Token);
        var sent = new List<(string Time, string ClientTime)>();
        for (var minutes = -75; minutes < 75; minutes += 10)
        {
            var now = change.AddMinutes(minutes);
            bench.Clock.AdjustTime(now);
            // Two calls of a batch, in the order in which they were made. Microseconds differ between batches, because identical batches
            // would count as one.
            var local = now.UtcDateTime.AddHours(minutes < 0 ? 2 : 1).AddMilliseconds(minutes + 100);
            string[] times = [.. new[] { local, local.AddMicroseconds(300) }.Select(
                time => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture))];
            await bench.SendEvents(times.Select(time => InsightsBench.Call(Session, time, "s3", "PutObject", 200)));
            sent.AddRange(times.Select(time => (now.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), time)));
        }

        var shown = (await All(bench, $"order={order}&limit={limit}"))
            .Select(row => (Time: (string)row["time"]!, ClientTime: (string)row["client_time"]!)).ToList();

        Assert.Equal(sent.Order(), shown.Order());
        var byClient = shown.Select(row => row.ClientTime).Order(StringComparer.Ordinal).ToList();
        if (order == "newest") byClient.Reverse();
        Assert.Equal(byClient, shown.Select(row => row.ClientTime));
        Assert.NotEqual(shown.Select(row => row.Time).Order(StringComparer.Ordinal), order == "newest" ? shown.Select(row => row.Time)
            .Reverse() : shown.Select(row => row.Time));
    }

    [Theory]
    [InlineData("newest", 1)]
    [InlineData("newest", 7)]
    [InlineData("oldest", 7)]
    [InlineData("oldest", 100)]
    public async Task All_pages_together_contain_every_call_once_and_in_order(string order, int limit)
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var calls = await Fill(bench, items: 9, _ => TimeSpan.Zero);

        var shown = await All(bench, $"order={order}&limit={limit}");

        if (order == "newest") calls.Reverse();
        Assert.Equal(calls.Select(c => c.Message), shown.Select(r => (string?)r["err_msg"]));
    }

    [Theory]
    [InlineData("service=s3")]
    [InlineData("service=s3&operation=PutObject")]
    [InlineData("status=404")]
    [InlineData("status=5xx")]
    [InlineData("status=failed")]
    [InlineData("status=ok&service=sqs")]
    [InlineData("operation=NoSuchOperation")]
    public async Task A_filter_shows_exactly_the_matching_calls(string filter)
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var calls = await Fill(bench, items: 40, _ => TimeSpan.Zero);
        var wanted = filter.Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        bool Passes(Logged call) =>
            (!wanted.TryGetValue("service", out var service) || service == call.Service)
            && (!wanted.TryGetValue("operation", out var operation) || operation == call.Operation)
            && (!wanted.TryGetValue("status", out var status) || status switch
            {
                "ok" => call.Status < 400,
                "failed" => call.Status >= 400,
                "5xx" => call.Status / 100 == 5,
                _ => call.Status == int.Parse(status, CultureInfo.InvariantCulture),
            });

        var shown = await All(bench, filter + "&limit=10&order=oldest");

        Assert.Equal(calls.Where(Passes).Select(c => c.Message), shown.Select(r => (string?)r["err_msg"]));
    }

    /// <summary>How the client's clock differs from the server's, and when in the session the difference changes.</summary>
    public static TheoryData<string> Clocks => ["equal", "behind", "ahead", "summer time ends", "set from 1970", "told no time",
    "sometimes told no time", "late", "set and set back", "slept"];

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task A_time_range_uses_the_servers_clock_and_is_exact_whatever_the_clients_clock(string clock)
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var calls = await Fill(bench, items: 60, i => clock switch
        {
            "behind" => TimeSpan.FromHours(-8),
            "ahead" => TimeSpan.FromHours(9.5),
            "summer time ends" => TimeSpan.FromHours(i < 30 ? 2 : 1),
            "set from 1970" => i < 2 ? TimeSpan.FromDays(-20_000) : TimeSpan.Zero,
            "told no time" => null,
            "sometimes told no time" => i % 5 == 0 ? null : TimeSpan.FromHours(1),
            // Sent long after the call, by a machine that was asleep.
            "late" => i % 7 == 0 ? TimeSpan.FromMinutes(-50) : TimeSpan.Zero,
            "set and set back" => i is >= 28 and < 33 ? TimeSpan.FromHours(4) : TimeSpan.Zero,
            "slept" => i is 31 or 55 ? TimeSpan.FromHours(-4) : TimeSpan.Zero,
            _ => TimeSpan.Zero,
        });

        foreach (var (from, to) in new[] { (0, 60), (10, 11), (29, 31), (50, 200), (-10, 0), (59, 60) })
        {
            var (start, end) = (Start.AddMinutes(10 * from), Start.AddMinutes(10 * to));
            foreach (var order in new[] { "newest", "oldest" })
            {
                var shown = await All(bench, $"from={start:yyyy-MM-ddTHH:mm:ssZ}&to={end:yyyy-MM-ddTHH:mm:ss.fffZ}&limit=20&order={order}");
                Assert.Equal(
                    calls.Where(c => c.At >= start && c.At < end).Select(c => c.Message).Order(), shown.Select(r => (string)r["err_msg"]!)
                        .Order());
            }
        }

        Assert.Equal(calls.Count(c => c.At >= Start.AddHours(2)),
            (await All(bench, $"from={Start.AddHours(2):yyyy-MM-ddTHH:mm:ssZ}")).Count);
        Assert.Equal(calls.Count(c => c.At < Start.AddHours(2)), (await All(bench, $"to={Start.AddHours(2):yyyy-MM-ddTHH:mm:ssZ}")).Count);
    }

    [Fact]
    public async Task A_batch_that_arrives_between_two_pages_neither_repeats_nor_hides_a_call()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var calls = await Fill(bench, items: 6, _ => TimeSpan.Zero);
        var first = await bench.Json(Events + "?limit=13", Token);
        await bench.Write(bench.CallsTableName,
            [Item(100, Start.AddMinutes(35), Start.AddMinutes(35), out var late), Item(101, Start.AddDays(1), Start.AddDays(1), out _)]);

        var rest = await All(bench, "limit=13", (string)first["cursor"]!);

        var messages = first["rows"]!.AsArray().Concat(rest).Select(r => (string)r!["err_msg"]!).ToList();
        Assert.Equal(messages.Distinct().Count(), messages.Count);
        Assert.Empty(messages.Except(calls.Concat(late).Select(c => c.Message)));
        Assert.Empty(calls.Select(c => c.Message).Except(messages));
    }

    [Fact]
    public async Task An_unreadable_log_item_hides_no_other()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var calls = await Fill(bench, items: 2, _ => TimeSpan.Zero);
        await bench.Write(bench.CallsTableName, [LargeSession.LogItem(Session, Start.AddMinutes(5), Start.AddMinutes(5), 50, [1, 2, 3])]);

        Assert.Equal(calls.Count, (await All(bench, "limit=100")).Count);
    }

    [Fact]
    public async Task A_rare_call_among_very_many_is_found_page_by_page()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session, Token);
        await LargeSession.Fill(bench, Session, calls: 1_000, logItems: 1_500);
        await bench.Write(bench.CallsTableName, [Item(0, Start.AddDays(-1), Start.AddDays(-1), out var rare)]);

        bench.DynamoDb.Forget();
        var shown = await All(bench, "operation=DeleteQueue&limit=10");

        Assert.Equal(rare.Count(c => c.Operation == "DeleteQueue"), shown.Count);
    }

    [Fact]
    public async Task A_page_of_long_stack_traces_stays_within_Lambdas_limit()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session, Token);
        var trace = string.Concat(Enumerable.Repeat("  at \"localstack\"\n", 3_000));
        var content = LargeSession.Pack(new JsonObject
        {
            ["calls"] = new JsonArray([.. Enumerable.Range(0, 60).Select(i => new JsonObject
            {
                ["service"] = "s3", ["operation"] = "PutObject", ["status_code"] = 500, ["err_msg"] = $"call {i}", ["stack_trace"] = trace,
            })]),
        });
        await bench.Write(bench.CallsTableName, [LargeSession.LogItem(Session, Start, Start, 1, content)]);

        var first = await bench.Get(Events, Token);

        // The body is a JSON string in Lambda's answer, so each quotation mark and backslash is escaped again.
        Assert.InRange(first.Body!.Length + first.Body.Count(c => c is '"' or '\\'), 1, 6 * 1024 * 1024);
        Assert.Equal(60, (await All(bench, "limit=100")).Count);
    }

    [Fact]
    public async Task A_cursor_is_valid_only_for_its_own_list()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await Fill(bench, items: 3, _ => TimeSpan.Zero);
        const string other = "880c3de5-a2e9-4077-a334-3426cdeefe25";
        await bench.StartSession(other, Token);
        var cursor = (string)(await bench.Json(Events + "?limit=1", Token))["cursor"]!;

        Assert.Equal(200, (await bench.Get($"{Events}?cursor={cursor}", Token)).StatusCode);
        Assert.Equal(400, (await bench.Get($"{Events}?order=oldest&cursor={cursor}", Token)).StatusCode);
        Assert.Equal(400, (await bench.Get($"/stacks/{other}/events?cursor={cursor}", Token)).StatusCode);
        Assert.Equal(400, (await bench.Get($"/stacks?cursor={cursor}", Token)).StatusCode);
        for (var i = 0; i < cursor.Length; i += 5)
        {
            var changed = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            Assert.Equal(400, (await bench.Get($"{Events}?cursor={changed}", Token)).StatusCode);
        }
    }

    private static async Task<List<Logged>> Fill(InsightsBench bench, int items, Func<int, TimeSpan?> clientAhead)
    {
        await bench.StartSession(Session, Token);
        var calls = new List<Logged>();
        var written = new List<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>>();
        for (var i = 0; i < items; i++)
        {
            var at = Start.AddMinutes(10 * i);
            written.Add(Item(i, at + clientAhead(i), at, out var of));
            calls.AddRange(of);
        }

        await bench.Write(bench.CallsTableName, written);
        return calls;
    }

    private static Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> Item(
        int number, DateTimeOffset? clientTime, DateTimeOffset at, out List<Logged> calls)
    {
        var random = new Random(number);
        calls = [.. Enumerable.Range(0, random.Next(1, 21)).Select(i => random.Next(4) switch
        {
            0 => new Logged(at, "s3", "PutObject", 200, $"call {number}.{i}"),
            1 => new Logged(at, "s3", "GetObject", 404, $"call {number}.{i}"),
            2 => new Logged(at, "sqs", "DeleteQueue", 400, $"call {number}.{i}"),
            _ => new Logged(at, "sqs", "SendMessage", 503, $"call {number}.{i}"),
        })];
        return LargeSession.LogItem(Session, clientTime, at, number, LargeSession.Pack(new JsonObject
        {
            ["stored"] = calls.Count,
            ["calls"] = new JsonArray([.. calls.Select(c => new JsonObject
            {
                ["service"] = c.Service, ["operation"] = c.Operation, ["status_code"] = c.Status, ["err_msg"] = c.Message,
            })]),
        }));
    }

    private static async Task<List<JsonNode>> All(InsightsBench bench, string filter, string? cursor = null)
    {
        var rows = new List<JsonNode>();
        do
        {
            bench.DynamoDb.Forget();
            var page = await bench.Json($"{Events}?{filter}{(cursor is null ? "" : "&cursor=" + cursor)}", Token);
            Assert.InRange(bench.DynamoDb.Reads.Count, 1, 10);
            rows.AddRange(page["rows"]!.AsArray().Select(r => r!));
            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);

        return rows;
    }

    private sealed record Logged(DateTimeOffset At, string Service, string Operation, int Status, string Message);
}
