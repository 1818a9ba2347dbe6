using System.Globalization;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Tests.Integration.Ownership;

/// <summary>
/// While a session sends, its retention is extended and each of its days counts once. A deleted or opted-out session does not come back.
/// </summary>
[Collection(SharedDynamoDb.Name)]
public sealed class ActivityTests(QuickDynamoDb quick)
{
    private const string First = "a0000000-0000-4000-8000-000000000001";
    private const string Token = "ls-token-1";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_sends_for_longer_than_its_retention_is_kept_at_one_write_per_day(bool registered)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        if (registered) await bench.Start(First, Token);
        // This call makes the session's service known, also for an unregistered session.
        await bench.Calls(First, 1, 99);
        var serial = 100;
        for (var day = 0; day < 5; day++)
        {
            if (day > 0) bench.Time.Advance(TimeSpan.FromDays(30));
            bench.Tap.Record();
            var batches = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => bench.Calls(First, 1, Interlocked.Increment(ref serial))));
            Assert.All(batches, answer => Assert.Equal(200, answer.StatusCode));
            await bench.Calls(First, 1, ++serial);
            await bench.Calls(First, 1, ++serial);
            // Concurrent batches may all try the update; one of them succeeds, and later batches do not try.
            Assert.InRange(Updates(bench), day == 0 ? 0 : 1, day == 0 ? 0 : 6);
            Assert.Equal(bench.Time.GetUtcNow().AddDays(90).ToUnixTimeSeconds(), await ExpiresAt(bench));
        }

        // Each batch is delivered once in part, once in whole, and once more from the start of the stream.
        await bench.Aggregate(batch => [batch.Take(1 + (batch.Count / 2)).ToList(), batch]);
        await bench.Aggregate(pump: "from the start");
        foreach (var day in new[] { "2026-11-22", "2026-12-22", "2027-01-21", "2027-02-20", "2027-03-22" })
            Assert.Equal(1, await bench.Sum("sessions#" + day, name => name == SessionMetric.Active));
        // Each number of its registration is in only one counter item.
        Assert.Equal(registered ? 1 : 0, await bench.Sum("sessions#2026-11-22", name => name == "docker"));
    }

    [Fact]
    public async Task A_session_that_is_deleted_while_it_sends_does_not_come_back()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(First, Token);
        bench.Time.Advance(TimeSpan.FromDays(1));
        var serial = 0;
        var sending = Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
            await bench.Calls(First, 1, Interlocked.Increment(ref serial)));
        await bench.Send("DELETE", "/stacks/{session}", Token, parameter: First);
        await sending;
        var stopped = (await bench.Scan("sessions")).Single(item => item["session_id"].S == First);
        Assert.Equal("opted_out", stopped["standing"].S);
        Assert.DoesNotContain(SessionsTable.ActiveOn, stopped.Keys);
        bench.Time.Advance(TimeSpan.FromDays(1));
        await bench.Calls(First, 1, ++serial);
        Assert.DoesNotContain(SessionsTable.ActiveOn, (await bench.Scan("sessions")).Single(item => item["session_id"].S == First).Keys);

        await bench.Erase();
        await bench.Calls(First, 1, ++serial);
        Assert.DoesNotContain(await bench.Scan("sessions"), item => item["session_id"].S == First);
        await bench.Aggregate();
        Assert.Equal(0, await bench.Sum("sessions#2026-11-24", name => name == SessionMetric.Active));
    }

    [Fact]
    public async Task The_retention_of_an_untracked_session_is_not_extended()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Send("PUT", "/tracking", Token, """{"track_events": false}""");
        await bench.Start(First, Token);
        var expiry = await ExpiresAt(bench);
        bench.Time.Advance(TimeSpan.FromDays(1));
        await bench.Calls(First, 1, 1);
        await bench.Aggregate();
        Assert.Equal(expiry, await ExpiresAt(bench));
        foreach (var day in new[] { "2026-11-22", "2026-11-23" }) Assert.Equal(0,
            await bench.Sum("sessions#" + day, name => name == SessionMetric.Active));
    }

    private static int Updates(Bench bench) => bench.Tap.Calls.Count(call => call.Operation == "UpdateItem"
        && (string?)call.Request["TableName"] == bench.Table("sessions"));

    private static async Task<long> ExpiresAt(Bench bench) =>
        long.Parse((await bench.Scan("sessions")).Single(item => item["session_id"].S == First)["expires_at"].N,
            CultureInfo.InvariantCulture);
}
