using System.Text.Json.Nodes;

namespace Collector.Tests.Integration.Reading;

/// <summary>The ledger is everybody's, and so must cost next to nothing.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class LedgerTests(DynamoDbLocal dynamoDb)
{
    [SkippableFact]
    public async Task Anybody_reads_a_month_at_most_and_compares_with_nothing()
    {
        var bench = await InsightsBench.Shared(dynamoDb);
        var today = DateOnly.FromDateTime(bench.Clock.GetUtcNow().UtcDateTime);
        string Range(int days) => $"/usage/ledger?from={today.AddDays(1 - days):yyyy-MM-dd}&to={today:yyyy-MM-dd}";
        Assert.Equal(31, (await bench.Json(Range(31), null))["rows"]!.AsArray().Count);
        foreach (var refused in new[] { Range(32), Range(7) + "&compare=previous", "/usage/ledger?from=2000-01-01&to=2000-01-02" })
        {
            bench.DynamoDb.Forget();
            var answer = await bench.Get(refused, null);
            Assert.Equal((400, "application/problem+json"), (answer.StatusCode, answer.Headers!["Content-Type"]));
            Assert.Empty(bench.DynamoDb.Reads);
        }

        // The operator pays for it.
        Assert.Equal(400, (await bench.Json(Range(400), InsightsBench.OperatorKey))["rows"]!.AsArray().Count);
        await bench.Json(Range(7) + "&compare=previous", InsightsBench.OperatorKey);
    }

    [SkippableFact]
    public async Task What_anybody_asks_again_is_read_once_a_minute_and_closed_days_once()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var today = DateOnly.FromDateTime(bench.Clock.GetUtcNow().UtcDateTime);
        var month = $"/usage/ledger?from={today.AddDays(-20):yyyy-MM-dd}&to={today.AddDays(10):yyyy-MM-dd}";
        var answer = await bench.Get(month, null);
        Assert.Equal("public, max-age=60", answer.Headers!["Cache-Control"]);
        // The ten days to come are not read.
        Assert.InRange(bench.DynamoDb.Reads.Count, 1, 22);
        await bench.SendEvents("""{"name":"cli_cmd","payload":{"cmd":"localstack start"}}""");
        await bench.Count();

        bench.DynamoDb.Forget();
        for (var asked = 0; asked < 50; asked++)
            Assert.Equal(0, Received(await bench.Json(
                $"/usage/ledger?from={today.AddDays(-asked % 20):yyyy-MM-dd}&to={today:yyyy-MM-dd}", null)));
        Assert.Empty(bench.DynamoDb.Reads);
        // The operator sees what is there now.
        Assert.Equal(1, Received(await bench.Json("/usage/ledger", InsightsBench.OperatorKey)));

        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        bench.DynamoDb.Forget();
        Assert.Equal(1, Received(await bench.Json(month, null)));
        // Today, and the three days before that aren't closed.
        Assert.Equal(4, bench.DynamoDb.Reads.Count);
    }

    private static long Received(JsonObject ledger) => (long)ledger["total"]!["received"]!;
}
