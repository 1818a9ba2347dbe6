using System.Globalization;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Tests.Integration.Reading;

namespace Collector.Tests.Integration.Counting;

/// <summary>
/// Streams that are not delivered as AWS delivers them: without the shard's id, out of order within a batch and between batches, several
/// times over and twice at once. What is counted then is what an ordinary delivery counts, or it is said that it may not be.
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
    public async Task Without_a_shard_id_any_order_counts_the_same(int seed)
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
                // Now and then two of them run at once, which may refuse each other; what is refused comes again.
                var deliveries = random.Next(3) == 0
                    ? [Count(bench, stream, batch), Count(bench, stream, batch)] : new[] { Count(bench, stream, batch) };
                await Task.WhenAll(deliveries);
            }
        }

        await AssertSame(ordinary, bench);
    }

    [Fact]
    public async Task Without_a_shard_id_a_batch_that_breaks_off_anywhere_counts_once_when_it_comes_again()
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
                // From the begin, which in this order is the last sequence number.
                Assert.Equal(backwards[0].Dynamodb!.SequenceNumber, Assert.Single(answer.BatchItemFailures).ItemIdentifier);
            }

            bench.DynamoDb.TransactionsLeft = int.MaxValue;
        }

        await AssertSame(ordinary, bench);
    }

    [Fact]
    public async Task The_mark_of_a_record_expires_and_tells_nothing_but_its_place()
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
    public async Task A_batch_of_a_shard_that_is_out_of_order_within_itself_counts_right_and_is_reported(int seed)
    {
        using var ordinary = await Filled();
        await ordinary.Count();
        using var bench = await Filled();
        var log = new RecordingLog();
        foreach (var (stream, records) in (await bench.Stored()).Where(stored => stored.Records.Count > 0))
        {
            var shuffled = Shuffled(records, new Random(seed));
            // Twice, and one record of it twice within the batch.
            foreach (var _ in new[] { 1, 2 }) Assert.Empty(
                (await bench.Deliver(stream, "shardId-1", [.. shuffled, shuffled[0]], log: log)).BatchItemFailures);
        }

        Assert.Contains(log.Lines, line => line.Contains("arrived after a later record", StringComparison.Ordinal));
        await AssertSame(ordinary, bench);
    }

    [Fact]
    public async Task A_shard_that_goes_back_between_batches_is_reported_and_one_that_repeats_a_batch_is_not()
    {
        using var bench = await Filled();
        var (stream, records) = (await bench.Stored()).Single(s => s.Stream.EndsWith("-calls", StringComparison.Ordinal));
        var log = new RecordingLog();

        var first = await bench.Deliver(stream, "shardId-1", records.Take(2), new Dictionary<string, string>(), log);
        // Its answer was lost: the state is the one before.
        var again = await bench.Deliver(stream, "shardId-1", records.Take(2), new Dictionary<string, string>(), log);
        Assert.Equal(first.State, again.State);
        var later = await bench.Deliver(stream, "shardId-1", records.Skip(3), again.State, log);
        Assert.Empty(log.Lines);

        // What comes now cannot be told from what has been counted; that it came is told.
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

    // Until it is counted, as a poller delivers it.
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

        // That the answers hold something.
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
