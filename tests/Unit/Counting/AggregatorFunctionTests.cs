using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Counting;
using Collector.Storage;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Counting;

/// <summary>The answer to a batch, its effect on the tables and the operator's log, in any order and with any fault.</summary>
public sealed class AggregatorFunctionTests : IDisposable
{
    private const string SessionId = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    private const string Reached = "reached";
    private readonly IngestBench bench = new();

    public void Dispose() => bench.DynamoDb.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_without_records_keeps_the_windows_state(bool hasList)
    {
        var answer = await bench.Deliver(new DynamoDBTimeWindowEvent
        {
            ShardId = "shardId-1", State = new() { ["kept"] = "seven" }, Records = hasList ? [] : null,
        });
        Assert.Equal("seven", answer.State["kept"]);
        Assert.Empty(answer.BatchItemFailures);
    }

    [Fact]
    public async Task What_is_counted_moves_the_state_and_keeps_what_else_is_in_it()
    {
        var batch = await Clis(3);
        batch.State = new() { ["kept"] = "seven" };
        var answer = await bench.Deliver(batch);
        Assert.Empty(answer.BatchItemFailures);
        Assert.Equal(("seven", "103"), (answer.State["kept"], answer.State[Reached]));
        Assert.Equal(3, Invocations());
        Assert.Empty(bench.Log.Lines);
        Assert.Equal((3, 0, 0, 0), Numbers("records", "unreadable", "counter_item_full", "out_of_order"));
        Assert.Equal("done", (string?)Line["outcome"]);
    }

    [Fact]
    public async Task A_record_without_an_image_or_a_number_is_passed_over()
    {
        var batch = await Clis(1);
        batch.Records = [new(), new() { Dynamodb = new() }, .. batch.Records!];
        Assert.Equal("101", (await bench.Deliver(batch)).State[Reached]);
        Assert.Equal((1, 1), (Invocations(), Number("records")));

        var nothing = await bench.Deliver(new DynamoDBTimeWindowEvent { ShardId = "shardId-1", Records = [new()], State = new() { ["a"] = "b" } });
        Assert.Equal(["a"], nothing.State.Keys);
    }

    [Theory]
    [InlineData("counters")]
    [InlineData("sessions")]
    public async Task While_the_store_is_unavailable_the_batch_is_asked_for_again_from_what_is_not_counted(string table)
    {
        await Start();
        var batch = await Of("calls", 2, i => Call(i));
        batch.State = new() { [Reached] = "50" };
        bench.DynamoDb.Before = name =>
        {
            if (name == table) throw new ProvisionedThroughputExceededException("unavailable");
        };
        var answer = await bench.Deliver(batch);
        Assert.Equal("101", Assert.Single(answer.BatchItemFailures).ItemIdentifier);
        Assert.Equal("50", answer.State[Reached]);
        Assert.Equal("unavailable", (string?)Line["outcome"]);

        bench.DynamoDb.Before = null;
        Assert.Empty((await bench.Deliver(batch)).BatchItemFailures);
        Assert.Equal(2, Sum("requests#", "#200"));
    }

    [Fact]
    public async Task A_batch_out_of_order_is_counted_once_and_reported()
    {
        var batch = await Clis(4);
        batch.Records = [.. new[] { 2, 0, 1, 3, 3 }.Select(i => batch.Records![i])];
        var answer = await bench.Deliver(batch);
        Assert.Equal("104", answer.State[Reached]);
        Assert.Equal((4, 2, 4), (Invocations(), Number("out_of_order"), Number("records")));
        Assert.Equal("2 records arrived after a later record: shard shardId-1, sequence number 103", Assert.Single(bench.Log.Lines));
    }

    [Fact]
    public async Task A_batch_out_of_order_that_fails_is_asked_for_again_from_its_start()
    {
        var batch = await Clis(3);
        batch.Records = [.. new[] { 1, 0, 2 }.Select(i => batch.Records![i])];
        bench.DynamoDb.Before = _ => throw new ProvisionedThroughputExceededException("unavailable");
        Assert.Equal("102", Assert.Single((await bench.Deliver(batch)).BatchItemFailures).ItemIdentifier);
    }

    [Theory]
    [InlineData("102", "104")]
    [InlineData("104", "104")]
    [InlineData("105", "105")]
    public async Task The_state_never_goes_back(string reached, string expected)
    {
        var batch = await Clis(4);
        batch.State = new() { [Reached] = reached };
        Assert.Equal(expected, (await bench.Deliver(batch)).State[Reached]);
        var backwards = int.Parse(reached, CultureInfo.InvariantCulture) - 101;
        Assert.Equal(Math.Min(4, backwards), Number("out_of_order"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_shard_id_any_order_counts_once_and_is_no_fault(string? shardId)
    {
        var batch = await Clis(4);
        batch.ShardId = shardId;
        batch.Records = [.. batch.Records!.Reverse()];
        foreach (var _ in new[] { 1, 2 }) Assert.Empty((await bench.Deliver(batch)).BatchItemFailures);
        batch.Records = [batch.Records![0], batch.Records[2]];
        Assert.Empty((await bench.Deliver(batch)).BatchItemFailures);
        Assert.Equal((4, 0), (Invocations(), Number("out_of_order")));
        Assert.Empty(bench.Log.Lines);
        // One mark for each record, which expires after the stream has forgotten the record.
        var marks = bench.DynamoDb.Items("counters").Where(item => item["metric"].S.StartsWith("counted#@", StringComparison.Ordinal)).ToList();
        Assert.Equal(["101", "102", "103", "104"], marks.Select(mark => mark["group"].S.TrimStart('0')[..3]).Order());
        Assert.All(marks, mark =>
        {
            Assert.Equal(["expires_at", "group", "metric"], mark.Keys.Order());
            Assert.Equal(bench.Clock.GetUtcNow().AddDays(2).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), mark["expires_at"].N);
        });
    }

    [Fact]
    public async Task Without_a_shard_id_the_stream_is_told_from_the_record_where_the_batch_does_not_name_it()
    {
        var batch = await Clis(1);
        (batch.ShardId, batch.EventSourceArn, batch.Records![0].EventSourceArn) = (null, null, "arn:a");
        await bench.Deliver(batch);
        batch.Records[0].EventSourceArn = "arn:b";
        await bench.Deliver(batch);
        batch.EventSourceArn = "arn:a";
        await bench.Deliver(batch);
        Assert.Equal(2, Invocations());
    }

    [Theory]
    [InlineData("counters")]
    [InlineData("sessions")]
    public async Task Without_a_shard_id_a_batch_that_breaks_off_is_asked_for_again_whole(string table)
    {
        await Start();
        var batch = await Of("calls", 3, i => Call(i));
        batch.ShardId = null;
        var calls = 0;
        // The second record's transaction fails.
        bench.DynamoDb.Before = name =>
        {
            if (name == table && (table == "sessions" || ++calls > 8)) throw new ProvisionedThroughputExceededException("unavailable");
        };
        Assert.Equal("101", Assert.Single((await bench.Deliver(batch)).BatchItemFailures).ItemIdentifier);
        bench.DynamoDb.Before = null;
        Assert.Empty((await bench.Deliver(batch)).BatchItemFailures);
        Assert.Equal(3, Sum("requests#", "#200"));
        Assert.Equal(3, Sum("stack#", "calls"));
    }

    [Theory]
    [InlineData("shardId-1")]
    [InlineData(null)]
    public async Task Calls_of_a_deleted_session_count_for_all_and_not_for_the_session(string? shardId)
    {
        const string Other = "990c3de5-a2e9-4077-a334-3426cdeefe24";
        foreach (var id in new[] { SessionId, Other })
            await Start(id);
        var batch = await Of("calls", 4, i => Call(i, i % 2 == 0 ? SessionId : Other));
        batch.ShardId = shardId;
        await new SessionExclusions(bench.DynamoDb, "sessions", Policies.Shipped).MarkErased(SessionId, bench.Clock.GetUtcNow());
        await bench.Deliver(batch);
        Assert.Equal(4, Sum("requests#", "#200"));
        Assert.Equal(["stack#" + Other], bench.DynamoDb.Items("counters").Select(item => item["metric"].S)
            .Where(metric => metric.StartsWith("stack#", StringComparison.Ordinal)).Distinct());
        Assert.Equal(2, Sum("stack#", "calls"));
    }

    [Theory]
    [InlineData("shardId-1")]
    [InlineData(null)]
    public async Task A_session_was_last_seen_at_the_latest_of_its_times(string? shardId)
    {
        await Start();
        var batch = await Of("calls", 3, i => Call(i));
        var latest = bench.Clock.GetUtcNow().AddSeconds(-1).ToUnixTimeMilliseconds();
        batch.ShardId = shardId;
        batch.Records = [.. batch.Records!.Reverse()];
        await bench.Deliver(batch);
        Assert.Equal(latest, Sum("stack#", "last_seen_at"));
    }

    [Theory]
    [InlineData("shardId-1", 240)]
    [InlineData(null, 150)]
    public async Task What_a_full_item_cannot_take_counts_as_other_and_is_reported(string? shardId, int room)
    {
        var batch = await Clis(4);
        batch.ShardId = shardId;
        // Enough for some of the four sets of parameters.
        bench.DynamoDb.MaxItemBytes = room;
        Assert.Empty((await bench.Deliver(batch)).BatchItemFailures);
        Assert.Equal(4, Invocations());
        Assert.True(Number("counter_item_full") > 0);
        Assert.Contains(bench.DynamoDb.Items("counters"), item => item["group"].S.Contains("~full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_counts_when_it_starts_and_once_on_each_day_on_which_it_sends()
    {
        await Start();
        await bench.Count();
        Assert.Equal((1, 1), (Sum("sessions#2026-11-22", "sessions"), Sum("sessions#2026-11-22", "active")));
        bench.Clock.Advance(TimeSpan.FromDays(1));
        foreach (var second in new[] { 1, 2 })
        {
            await bench.Post(Call(second));
            bench.Clock.Advance(TimeSpan.FromMinutes(2));
            await bench.Count();
        }

        Assert.Equal((1, 1), (Sum("sessions#2026-11-22", "sessions"), Sum("sessions#2026-11-22", "active")));
        Assert.Equal((0, 1), (Sum("sessions#2026-11-23", "sessions"), Sum("sessions#2026-11-23", "active")));
    }

    [Fact]
    public async Task A_session_that_cannot_be_read_is_referred_to_without_its_key()
    {
        await Start();
        var batch = Of("sessions");
        batch.Records![0].Dynamodb!.Keys = new() { ["session_id"] = new() { S = SessionId } };
        batch.Records[0].Dynamodb!.NewImage!["started_at"] = new() { N = "no number" };
        batch.Records[0].Dynamodb!.ApproximateCreationDateTime = bench.Clock.GetUtcNow().UtcDateTime;
        Assert.Empty((await bench.Deliver(batch)).BatchItemFailures);
        Assert.Equal("shardId-1|101|", Assert.Single(bench.DynamoDb.Items("counters"), item => item["metric"].S == "unreadable#2026-11-22")["group"].S);
        Assert.Equal("a record cannot be read: shard shardId-1, sequence number 101", Assert.Single(bench.Log.Lines));
        Assert.Equal(1, Number("unreadable"));
    }

    [Fact]
    public async Task Counters_of_a_session_expire_at_an_hour_and_those_of_all_do_not()
    {
        await Start();
        await bench.Deliver(await Of("calls", 1, i => Call(i)));
        var hour = new DateTimeOffset(2026, 11, 22, 7, 0, 0, TimeSpan.Zero) + Policies.Shipped.Retention("call");
        Assert.All(bench.DynamoDb.Items("counters"), item => Assert.Equal(
            item["metric"].S.StartsWith("stack#", StringComparison.Ordinal) ? hour.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) : null,
            item.GetValueOrDefault("expires_at")?.N));
        Assert.Contains(bench.DynamoDb.Items("counters"), item => item.ContainsKey("expires_at"));
        Assert.Contains(bench.DynamoDb.Items("counters"), item => !item.ContainsKey("expires_at"));
    }

    [Fact]
    public async Task How_long_the_oldest_record_waited_is_reported_where_it_is_known()
    {
        var batch = await Clis(2);
        await bench.Deliver(batch);
        Assert.Null(Line["lag_ms"]);
        var now = bench.Clock.GetUtcNow().UtcDateTime;
        batch.Records![0].Dynamodb!.ApproximateCreationDateTime = now.AddSeconds(-3);
        batch.Records[1].Dynamodb!.ApproximateCreationDateTime = now.AddSeconds(-7);
        await bench.Deliver(batch);
        Assert.Equal(7_000, (double)Line["lag_ms"]!, 1_000.0);
    }

    [Fact]
    public async Task A_checkpoint_of_another_secret_is_reported_and_what_follows_counts()
    {
        var batch = await Clis(2);
        var second = batch.Records![1];
        batch.Records = [batch.Records[0]];
        await bench.Deliver(batch);
        foreach (var item in bench.DynamoDb.Items("counters"))
        {
            foreach (var checkpoint in item.Keys.Where(name => name[0] == '@').ToList())
                item[checkpoint] = new AttributeValue { B = new MemoryStream(new byte[69]) };
        }

        bench.RestartAggregator();
        batch.Records = [second];
        Assert.Empty((await bench.Deliver(batch)).BatchItemFailures);
        Assert.Equal(2, Invocations());
        Assert.True(Number("checkpoint_unreadable") > 0);
    }

    private Task<APIGatewayProxyResponse> Start(string session = SessionId) => bench.Session(
        $$$"""{"name":"session","payload":{"session_id":"{{{session}}}","api_key":"key","version":"2026.3.1"}}""");

    private JsonNode Line => JsonNode.Parse(bench.Metrics[^1])!;

    private static string Call(int second, string session = SessionId) => $$$"""
        {"name":"aws_request","metadata":{"session_id":"{{{session}}}","client_time":"2026-11-22 07:32:{{{second:D2}}}.104217"},"payload":{"service":"s3","operation":"PutObject","status_code":200}}
        """;

    private Task<DynamoDBTimeWindowEvent> Clis(int requests) =>
        Of("anonymous", requests, i => $$$"""
            {"name":"cli_cmd","payload":{"cmd":"localstack start","params":["{{{new[] { "detached", "no_banner", "docker", "host" }[i]}}}"]}}
            """);

    // A request for each record, a second apart.
    private async Task<DynamoDBTimeWindowEvent> Of(string table, int requests, Func<int, string> body)
    {
        for (var i = 0; i < requests; i++)
        {
            await bench.Post(body(i));
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return Of(table);
    }

    private DynamoDBTimeWindowEvent Of(string table) =>
        StreamEvents.Of([.. bench.DynamoDb.Stream.Where(change => change.Table == table)], "shardId-1", 101);

    private long Invocations() => Sum("cli#", "");

    private long Sum(string metric, string attribute) => bench.DynamoDb.Items("counters").Select(CounterItem.Of)
        .Where(item => item.Metric.StartsWith(metric, StringComparison.Ordinal))
        .SelectMany(item => item.Numbers).Where(number => number.Key.EndsWith(attribute, StringComparison.Ordinal))
        .Sum(number => number.Value);

    private long Number(string name) => (long)Line[name]!;

    private (long, long, long, long) Numbers(string one, string two, string three, string four) =>
        (Number(one), Number(two), Number(three), Number(four));
}
