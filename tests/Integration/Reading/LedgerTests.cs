using System.Text.Json.Nodes;

namespace Collector.Tests.Integration.Reading;

/// <summary>The ledger is public, so reading it must cost next to nothing.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class LedgerTests(DynamoDbLocal dynamoDb)
{
    [SkippableFact]
    public async Task The_public_may_read_at_most_a_month_without_comparison()
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

        // The operator pays for the reads.
        Assert.Equal(400, (await bench.Json(Range(400), InsightsBench.OperatorKey))["rows"]!.AsArray().Count);
        await bench.Json(Range(7) + "&compare=previous", InsightsBench.OperatorKey);
    }

    [SkippableFact]
    public async Task Repeated_public_requests_read_the_store_once_per_minute_and_closed_days_once()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        var today = DateOnly.FromDateTime(bench.Clock.GetUtcNow().UtcDateTime);
        var month = $"/usage/ledger?from={today.AddDays(-20):yyyy-MM-dd}&to={today.AddDays(10):yyyy-MM-dd}";
        var answer = await bench.Get(month, null);
        Assert.Equal("public, max-age=60", answer.Headers!["Cache-Control"]);
        // The ten future days are not read.
        Assert.InRange(bench.DynamoDb.Reads.Count, 1, 22);
        await bench.SendEvents("""{"name":"cli_cmd","payload":{"cmd":"localstack start"}}""");
        await bench.Count();

        bench.DynamoDb.Forget();
        for (var asked = 0; asked < 50; asked++)
            Assert.Equal(0, Received(await bench.Json(
                $"/usage/ledger?from={today.AddDays(-asked % 20):yyyy-MM-dd}&to={today:yyyy-MM-dd}", null)));
        Assert.Empty(bench.DynamoDb.Reads);
        // The operator gets the current numbers.
        Assert.Equal(1, Received(await bench.Json("/usage/ledger", InsightsBench.OperatorKey)));

        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        bench.DynamoDb.Forget();
        Assert.Equal(1, Received(await bench.Json(month, null)));
        // Today and the three earlier days that are not closed.
        Assert.Equal(4, bench.DynamoDb.Reads.Count);
    }

    private static long Received(JsonObject ledger) => (long)ledger["total"]!["received"]!;
}
