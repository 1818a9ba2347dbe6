using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Collector.Metrics;
using Collector.Rollup;
using Collector.Storage;

namespace Collector.Tests.Integration.Reading;

/// <summary>The scheduled job processes closed days and months, before a request needs them.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class RollupTests(DynamoDbLocal dynamoDb)
{
    private const string October = "/usage/requests?from=2026-10-01&to=2026-10-31";

    [Theory]
    [InlineData("2026-11-03", false)]
    [InlineData("2026-11-04", true)]
    public async Task A_month_is_rolled_up_as_soon_as_it_is_closed(string today, bool folded)
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(Day(today));
        await bench.Write(bench.CountersTableName, [Requests("2026-10-31", 1)]);

        await bench.RollUp();

        bench.DynamoDb.Forget();
        Assert.Equal(1, await Calls(bench));
        Assert.Equal(folded ? 1 : 31, bench.DynamoDb.Reads.Count);
    }

    [Theory]
    [InlineData("2026-08-05", null)]
    [InlineData("2026-08-06", 2)]
    public async Task The_machines_of_a_closed_day_are_counted_and_known_after_their_markers_expire(
        string today, int? machines)
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 8, 2, 9, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < 3; i++) await bench.StartSession($"{i:x8}-0000-4000-8000-000000000000", "ls-token", machine: $"dkr_00{i % 2}");
        await bench.Count();
        bench.Clock.AdjustTime(Day(today));

        await bench.RollUp();

        await EraseMarks(bench, "2026-08-02");
        bench.Clock.AdjustTime(Day("2026-11-22"));
        var row = (await bench.Json("/usage/sessions?from=2026-08-02&to=2026-08-02", InsightsBench.OperatorKey))["rows"]![0]!;
        Assert.Equal((3, machines), ((int)row["sessions"]!, (int?)row["machines"]));
    }

    [Fact]
    public async Task Counted_machines_are_part_of_the_rolled_up_month()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 10, 31, 9, 0, 0, TimeSpan.Zero));
        await bench.StartSession("00000000-0000-4000-8000-000000000000", "ls-token");
        await bench.Count();
        bench.Clock.AdjustTime(Day("2026-11-04"));

        await bench.RollUp();

        await EraseMarks(bench, "2026-10-31");
        bench.DynamoDb.Forget();
        var answer = await bench.Json("/usage/sessions?from=2026-10-01&to=2026-10-31", InsightsBench.OperatorKey);
        Assert.Equal(1, (int)answer["total"]!["machines"]!);
        Assert.Single(bench.DynamoDb.Reads);
    }

    [Fact]
    public async Task The_machines_of_a_day_whose_markers_may_have_expired_are_not_counted()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 8, 2, 9, 0, 0, TimeSpan.Zero));
        await bench.StartSession("00000000-0000-4000-8000-000000000000", "ls-token");
        await bench.Count();
        bench.Clock.AdjustTime(bench.Clock.GetUtcNow().AddDays(90));

        await bench.RollUp();

        var row = (await bench.Json("/usage/sessions?from=2026-08-02&to=2026-08-02", InsightsBench.OperatorKey))["rows"]![0]!;
        Assert.Null(row["machines"]);
        Assert.Equal(1, (int)row["sessions"]!);
    }

    [Fact]
    public async Task A_backlog_of_four_hundred_days_is_processed_in_one_run_and_the_next_run_needs_two_reads()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(Day("2026-11-22"));
        await bench.Write(bench.CountersTableName, [Requests("2025-10-19", 3)]);

        // Months from October 2025, which has the first count, to October 2026, and the closed days that still have their markers.
        Assert.Equal(new RollupResult(86, 13 * AllMetrics.ShownByDay.Count(), 0), await bench.RollupJob(Limits.UsageDays)
            .Run(DateTimeOffset.MaxValue));
        var items = await bench.CounterItems();
        bench.DynamoDb.Forget();
        Assert.Equal(default, await bench.RollupJob(Limits.UsageDays).Run(DateTimeOffset.MaxValue));

        Assert.Equal(2, bench.DynamoDb.Reads.Count);
        Assert.Equal(items, await bench.CounterItems());
        bench.Clock.AdjustTime(Day("2026-11-23"));
        Assert.Equal(new RollupResult(1, 0, 0), await bench.RollupJob(Limits.UsageDays).Run(DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task The_items_of_a_closed_day_lose_only_their_checkpoints()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero));
        await bench.StartSession("00000000-0000-4000-8000-000000000000", "ls-token");
        await bench.Count();
        bench.Clock.AdjustTime(bench.Clock.GetUtcNow().AddDays(1));
        await bench.StartSession("00000000-0000-4000-8000-000000000001", "ls-token");
        await bench.Count();
        var before = await bench.CounterItems();

        bench.Clock.AdjustTime(Day("2026-11-22"));
        await bench.RollUp();

        var after = await bench.CounterItems();
        foreach (var metric in AllMetrics.ShownByDay)
        {
            Assert.DoesNotContain(after, item => item.Contains(metric.OfDay("2026-11-18"), StringComparison.Ordinal)
                && item.Contains('@', StringComparison.Ordinal));
            // The next day may still be counted.
            Assert.Equal(
                before.Where(item => item.Contains(metric.OfDay("2026-11-19"), StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                after.Where(item => item.Contains(metric.OfDay("2026-11-19"), StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }

        Assert.Contains(before, item => item.Contains("sessions#2026-11-18", StringComparison.Ordinal)
            && item.Contains('@', StringComparison.Ordinal));
        var row = (await bench.Json("/usage/sessions?from=2026-11-18&to=2026-11-18", InsightsBench.OperatorKey))["rows"]![0]!;
        Assert.Equal((1, 1), ((int)row["sessions"]!, (int)row["machines"]!));
    }

    [Fact]
    public async Task Before_anything_is_counted_there_is_nothing_to_roll_up()
    {
        using var bench = await InsightsBench.Create(dynamoDb);

        await bench.RollUp();

        Assert.Equal(3, bench.DynamoDb.Reads.Count);
        Assert.Empty(await bench.CounterItems());
    }

    [Fact]
    public async Task Work_that_does_not_fit_is_left_for_the_next_run_and_months_come_after_days()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(Day("2026-11-22"));
        await bench.Write(bench.CountersTableName, [Requests("2026-10-31", 1)]);
        bench.Clock.AutoAdvanceAmount = TimeSpan.FromSeconds(1);

        var runs = new List<RollupResult>();
        do runs.Add(await bench.RollupJob().Run(bench.Clock.GetUtcNow().AddSeconds(21)));
        while (runs[^1].Left > 0);

        // The first reading of the clock gives the date; each later one admits a day or a month. A month reads the clock once per day.
        Assert.Equal(
            [new(19, 0, 47), new(19, 0, 28), new(18, 1, 9), .. Enumerable.Range(1, 9).Select(months => new RollupResult(0, 1, 9 - months))],
            runs);
        Assert.Equal(1, await Calls(bench));
    }

    [Fact]
    public async Task A_kind_that_is_too_large_is_skipped_without_blocking_the_others()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(Day("2026-11-22"));
        await bench.Write(bench.CountersTableName, Large());
        await bench.Write(bench.CountersTableName, [LargeSession.Item(
            new CounterKey(LedgerMetric.Metric.OfDay("2026-10-12"), "0"), new() { [LedgerMetric.Received] = 7 })]);

        var result = await new RollupJob(bench.Counters, bench.Clock, TimeSpan.FromDays(90), new byte[32], lookback: 60, mostNumbers: 100)
            .Run(DateTimeOffset.MaxValue);

        Assert.Equal((1, 0), (result.TooLarge, result.Left));
        Assert.Empty(await Parts(bench));
        Assert.Single(await Keys(bench, "ledger#2026-10"));
        // The month is read as before, and rolled up as soon as the limit allows it.
        Assert.Equal(3 * 90 * 91 / 2, await Calls(bench));
        Assert.Equal(new RollupResult(0, 1, 0), await bench.RollupJob().Run(DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task An_interrupted_run_leaves_readable_data_and_can_be_finished()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(Day("2026-11-22"));
        await bench.Write(bench.CountersTableName, Large());
        await bench.RollUp();
        var done = await bench.CounterItems();
        var parts = (await Parts(bench)).Count;
        Assert.InRange(parts, 3, 9);
        var expected = await Calls(bench);

        for (var survived = 0; survived < parts; survived++)
        {
            foreach (var part in await Parts(bench)) await bench.DynamoDb.DeleteItemAsync(bench.CountersTableName, part);
            bench.DynamoDb.PutsLeft = survived;
            await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.RollupJob().Run(DateTimeOffset.MaxValue));
            bench.DynamoDb.PutsLeft = int.MaxValue;
            Assert.Equal(survived, (await Parts(bench)).Count);
            Assert.Equal(expected, await Calls(bench));

            Assert.Equal(new RollupResult(0, 1, 0), await bench.RollupJob().Run(DateTimeOffset.MaxValue));
            Assert.Equal(done, await bench.CounterItems());
        }
    }

    [Fact]
    public async Task Two_concurrent_runs_have_the_same_result_as_one()
    {
        using var one = await InsightsBench.Create(dynamoDb);
        using var two = await InsightsBench.Create(dynamoDb);
        foreach (var bench in new[] { one, two })
        {
            bench.Clock.AdjustTime(Day("2026-11-22"));
            await bench.Write(bench.CountersTableName, Large());
        }

        await one.RollUp();
        await Task.WhenAll(two.RollUp(), two.RollUp());

        Assert.Equal(await one.CounterItems(), await two.CounterItems());
        Assert.Equal(await Calls(one), await Calls(two));
    }

    [Theory]
    [InlineData(45, false)]
    [InlineData(46, true)]
    public async Task The_function_starts_no_work_that_it_may_not_finish(int secondsLeft, bool begins)
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(Day("2026-11-22"));
        await bench.Write(bench.CountersTableName, [Requests("2026-10-31", 1)]);

        await new RollupFunction(bench.RollupJob(), bench.Clock)
            .Handle(new TestContext { RemainingTime = TimeSpan.FromSeconds(secondsLeft) });

        Assert.Equal(begins, bench.DynamoDb.Puts > 0);
    }

    // A month in which one day is larger than an item.
    private static IEnumerable<Dictionary<string, AttributeValue>> Large() => Enumerable.Range(0, 3).Select(shard => LargeSession.Item(
        RequestMetric.Key("2026-10-12", $"service-{shard}", "", shard),
        Enumerable.Range(0, 90).ToDictionary(i => RequestMetric.Attribute(
            new string((char)('A' + shard), 4_000) + i.ToString(CultureInfo.InvariantCulture), "200"), i => i + 1L)));

    private static Dictionary<string, AttributeValue> Requests(string day, long calls) =>
        LargeSession.Item(RequestMetric.Key(day, "s3", "PutObject", 0), new() { [RequestMetric.Attribute("PutObject", "200")] = calls });

    private static async Task<long> Calls(InsightsBench bench) =>
        (long)(await bench.Json(October, InsightsBench.OperatorKey))["total"]!["calls"]!;

    private static Task<List<Dictionary<string, AttributeValue>>> Parts(InsightsBench bench) => Keys(bench, "requests#2026-10");

    private static async Task EraseMarks(InsightsBench bench, string day)
    {
        foreach (var mark in await Keys(bench, "machines#" + day)) await bench.DynamoDb.DeleteItemAsync(bench.CountersTableName, mark);
    }

    private static async Task<List<Dictionary<string, AttributeValue>>> Keys(InsightsBench bench, string metric) =>
        (await bench.DynamoDb.QueryAsync(new QueryRequest
    {
        TableName = bench.CountersTableName,
        KeyConditionExpression = "metric = :metric",
        ProjectionExpression = "metric, #group",
        ExpressionAttributeNames = new() { ["#group"] = "group" },
        ExpressionAttributeValues = new() { [":metric"] = new(metric) },
    })).Items;

    private static DateTimeOffset Day(string day) =>
        DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
