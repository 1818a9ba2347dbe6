using System.Globalization;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Tests.Integration.Reading;

namespace Collector.Tests.Integration.Counting;

/// <summary>
/// Streams delivered in ways that AWS does not use: without the shard's id, out of order within a batch and between batches, several times
/// and concurrently. The counts equal those of an ordinary delivery, or the log reports that they may not.
/// </summary>
[Collection(SharedDynamoDb.Name)]
public sealed class DeliveryOrderTests(DynamoDbLocal dynamoDb)
{
    private const string Token = "ls-AbCdEfGh-0123";

    private static readonly string[] Answers =
        ["/usage/requests?by=all", "/usage/cli", "/usage/features", "/usage/sessions", "/usage/ledger", "/stacks", $"/stacks/{Session(1)}",
            $"/stacks/{Session(2)}"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Without_a_shard_id_every_order_gives_the_same_counts(int seed)
    {
        using var ordinary = await Filled();
        await ordinary.Count();
        using var bench = await Filled();
        var random = new Random(seed);
        foreach (var (stream, records) in await bench.Stored())
        {
            var batches = Enumerable.Range(0, 3).SelectMany(_ => Batches(Shuffled(records, random), random)).ToList();
            foreach (var batch in Shuffled(batches, random))
            {
                // Sometimes two deliveries of a batch run concurrently and may refuse each other; a refused one is repeated.
                var deliveries = random.Next(3) == 0
                    ? [Count(bench, stream, batch), Count(bench, stream, batch)] : new[] { Count(bench, stream, batch) };
                await Task.WhenAll(deliveries);
            }
        }

        await AssertSame(ordinary, bench);
    }

    [Fact]
    public async Task Without_a_shard_id_an_interrupted_batch_counts_once_when_it_is_repeated()
    {
        using var ordinary = await Filled();
        await ordinary.Count();
        using var bench = await Filled();
        foreach (var (stream, records) in await bench.Stored())
        {
            var backwards = records.Reverse().ToList();
            for (var transactions = 0; ; transactions++)
            {
                bench.DynamoDb.TransactionsLeft = transactions;
                var answer = await bench.Deliver(stream, null, backwards);
                if (answer.BatchItemFailures.Count == 0) break;
                // The batch starts again from its beginning, which in this order is the last sequence number.
                Assert.Equal(backwards[0].Dynamodb!.SequenceNumber, Assert.Single(answer.BatchItemFailures).ItemIdentifier);
            }

            bench.DynamoDb.TransactionsLeft = int.MaxValue;
        }

        await AssertSame(ordinary, bench);
    }

    [Fact]
    public async Task The_mark_of_a_counted_record_expires_and_reveals_only_its_position()
    {
        using var bench = await Filled();
        foreach (var (stream, records) in await bench.Stored()) await Count(bench, stream, records);
        var marks = (await bench.CounterItems()).Where(item => item.Contains("metric=counted#", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(marks);
        Assert.All(marks, mark => Assert.Matches("^expires_at=[0-9]+ group=[0-9]{40}#0 metric=counted#@[0-9a-f]{16}$", mark));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_batch_with_records_out_of_order_is_counted_correctly_and_reported(int seed)
    {
        using var ordinary = await Filled();
        await ordinary.Count();
        using var bench = await Filled();
        var log = new RecordingLog();
        foreach (var (stream, records) in (await bench.Stored()).Where(stored => stored.Records.Count > 0))
        {
            var shuffled = Shuffled(records, new Random(seed));
            // Delivered twice, with one of its records twice within the batch.
            foreach (var _ in new[] { 1, 2 }) Assert.Empty(
                (await bench.Deliver(stream, "shardId-1", [.. shuffled, shuffled[0]], log: log)).BatchItemFailures);
        }

        Assert.Contains(log.Lines, line => line.Contains("arrived after a later record", StringComparison.Ordinal));
        await AssertSame(ordinary, bench);
    }

    [Fact]
    public async Task An_older_record_after_a_newer_batch_is_reported_and_a_repeated_batch_is_not()
    {
        using var bench = await Filled();
        var (stream, records) = (await bench.Stored()).Single(s => s.Stream.EndsWith("-calls", StringComparison.Ordinal));
        var log = new RecordingLog();

        var first = await bench.Deliver(stream, "shardId-1", records.Take(2), new Dictionary<string, string>(), log);
        // The answer was lost, so the previous state is sent again.
        var again = await bench.Deliver(stream, "shardId-1", records.Take(2), new Dictionary<string, string>(), log);
        Assert.Equal(first.State, again.State);
        var later = await bench.Deliver(stream, "shardId-1", records.Skip(3), again.State, log);
        Assert.Empty(log.Lines);

        // A record that arrives now cannot be distinguished from a counted one, but its arrival is reported.
        var late = await bench.Deliver(stream, "shardId-1", records.Skip(2).Take(1), later.State, log);
        Assert.Contains("1 records arrived after a later record", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Equal(later.State, late.State);
    }

    private async Task<InsightsBench> Filled()
    {
        var bench = await InsightsBench.Create(dynamoDb);
        foreach (var number in new[] { 1, 2 }) await bench.StartSession(
            Session(number), Token, ci: number == 2, machine: $"dkr_0123456789a{number}");
        for (var i = 0; i < 6; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await bench.SendEvents(
                InsightsBench.Call(Session(1), Time(i), "s3", "PutObject", 200),
                InsightsBench.Call(Session(1 + (i % 2)), Time(i), "sqs", "SendMessage", i % 3 == 0 ? 400 : 200),
                $$$"""{"name":"cli_cmd","payload":{"cmd":"localstack start","params":["{{{(i % 2 == 0 ? "detached" : "no_banner")}}}"]}}""",
                $$$"""{"name":"run_init","metadata":{"session_id":"{{{Session(1)}}}","client_time":"{{{Time(i)}}}"},"payload":{"stage":"READY","scripts":{{{i}}},"duration":153.2}}""",
                $$$"""{"name":"aws_request_agg","metadata":{"session_id":"{{{Session(7)}}}","client_time":"{{{Time(i)}}}"},"payload":{"period_start_time":"{{{Time(i)}}}","period_end_time":"{{{Time(i)}}}","api_calls":[{"service":"sts","operation":"GetCallerIdentity","status_code":200,"count":{{{i + 1}}}}]}}""");
        }

        return bench;
    }

    // Repeats the delivery until the batch is counted, as a poller does.
    private static async Task Count(InsightsBench bench, string stream, IReadOnlyList<DynamoDBEvent.DynamodbStreamRecord> batch)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if ((await bench.Deliver(stream, null, batch)).BatchItemFailures.Count == 0) return;
        }

        Assert.Fail("the batch is not counted after 50 deliveries");
    }

    private static async Task AssertSame(InsightsBench expected, InsightsBench actual)
    {
        foreach (var path in Answers)
        {
            var token = path.StartsWith("/stacks", StringComparison.Ordinal) ? Token : InsightsBench.OperatorKey;
            Assert.Equal((await expected.Json(path, token)).ToJsonString(), (await actual.Json(path, token)).ToJsonString());
        }

        // The answers are not empty.
        Assert.Equal(33, (int)(await actual.Json("/usage/requests?by=all", InsightsBench.OperatorKey))["total"]!["calls"]!);
        Assert.Equal(6, (int)(await actual.Json("/usage/cli", InsightsBench.OperatorKey))["total"]!["invocations"]!);
    }

    private static List<T> Shuffled<T>(IEnumerable<T> items, Random random)
    {
        var list = items.ToArray();
        random.Shuffle(list);
        return [.. list];
    }

    private static IEnumerable<List<DynamoDBEvent.DynamodbStreamRecord>> Batches(
        List<DynamoDBEvent.DynamodbStreamRecord> records, Random random)
    {
        for (var from = 0; from < records.Count;)
        {
            var size = random.Next(1, 6);
            yield return [.. records.Skip(from).Take(size)];
            from += size;
        }
    }

    private static string Session(int number) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{number:D12}");

    private static string Time(int second) => string.Create(CultureInfo.InvariantCulture, $"2026-11-22 07:32:{second:D2}.104217");
}
