using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Metrics;
using Collector.Storage;
using Collector.Usage;

namespace Collector.Tests.Integration.Reading;

/// <summary>The public summary: shares of past months, for names that were counted often enough, at next to no cost.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class SummaryTests(DynamoDbLocal dynamoDb)
{
    [SkippableFact]
    public async Task A_month_is_shown_as_shares_of_names_counted_often_enough()
    {
        using var bench = await Filled();

        var summary = await bench.Json("/summary", null);

        Assert.Equal(
            """
            {"month":"2026-10","months":["2026-10","2026-09"],"minimum":1000,
            "services":[{"service":"s3","share":0.84},{"service":"sqs","share":0.16}],
            "operations":[{"service":"s3","operation":"PutObject","share":0.82},{"service":"sqs","operation":"SendMessage","share":0.16}],
            "versions":[{"version":"2026.3.1","share":0.67},{"version":"2026.3.0","share":0.33}],
            "features":[{"feature":"run_init","share":1}]}
            """.ReplaceLineEndings(""),
            summary.ToJsonString());
    }

    [SkippableFact]
    public async Task No_name_counted_below_the_minimum_is_in_the_answer()
    {
        using var bench = await Filled();

        var answer = (await bench.Get("/summary?month=2026-10", null)).Body!;

        Assert.DoesNotContain("lambda", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("GetObject", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("4.9.2", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("deprecated", answer, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("month=2026-11", 404)]
    [InlineData("month=2025-01", 404)]
    [InlineData("month=2026-13", 400)]
    [InlineData("month=October", 400)]
    public async Task An_unpublished_month_is_answered_with_404_and_an_invalid_one_with_400(string query, int status)
    {
        using var bench = await Filled();

        var answer = await bench.Get("/summary?" + query, null);

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Headers!["Content-Type"]));
        Assert.Contains("month", (string?)JsonNode.Parse(answer.Body!)!["detail"], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Without_a_packed_month_the_answer_is_empty()
    {
        using var bench = await InsightsBench.Create(dynamoDb);

        Assert.Equal(
            """{"months":[],"minimum":1000,"services":[],"operations":[],"versions":[],"features":[]}""",
            (await bench.Json("/summary", null)).ToJsonString());
    }

    [SkippableFact]
    public async Task A_deployment_can_publish_nothing()
    {
        using var bench = await Filled();
        var summary = new PublicSummary(bench.Counters, bench.Clock, minimum: 0);

        var problem = await Assert.ThrowsAsync<Api.ProblemException>(() => summary.Answer(new APIGatewayProxyRequest()));

        Assert.Equal(404, problem.Problem.Status);
    }

    [SkippableFact]
    public async Task A_month_is_read_once_and_the_list_of_months_once_per_minute_whatever_the_number_of_requests()
    {
        using var bench = await Filled();
        var first = await bench.Get("/summary", null);
        Assert.Equal("public, max-age=60", first.Headers!["Cache-Control"]);
        bench.DynamoDb.Forget();

        for (var asked = 0; asked < 20; asked++) Assert.Equal(first.Body, (await bench.Get("/summary", null)).Body);
        Assert.Empty(bench.DynamoDb.Reads);

        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first.Body, (await bench.Get("/summary?month=2026-10", null)).Body);
        Assert.Single(bench.DynamoDb.Reads);
    }

    // September and October, packed by the daily job; October has numbers on both sides of the minimum.
    private async Task<InsightsBench> Filled()
    {
        var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
        await bench.Write(bench.CountersTableName,
        [
            Counter("requests#2026-09-30", "s3#0", ("PutObject#200", 2000)),
            Counter("sessions#2026-09-30", "all#0", ("sessions", 1)),
            Counter("features#2026-09-30", "run_init#0", ("set#stage=READY#uses", 1)),
            // Spread over two days, two counter shards and two status codes, which add up to one number.
            Counter("requests#2026-10-01", "s3#0", ("PutObject#200", 600), ("GetObject#200", 99)),
            Counter("requests#2026-10-31", "s3#5", ("PutObject#404", 4400)),
            Counter("requests#2026-10-31", "sqs#0", ("SendMessage#200", 999)),
            Counter("requests#2026-10-01", "sqs#0", ("SendMessage#200", 1)),
            Counter("requests#2026-10-01", "lambda#0", ("Invoke#200", 1)),
            Counter("sessions#2026-10-01", "all#0",
                ("sessions", 3000), ("version#2026.3.1", 2010), ("version#2026.3.0", 1000), ("version#4.9.2", 10)),
            Counter("features#2026-10-01", "run_init#0", ("set#stage=READY#uses", 1000), ("set#stage=READY#sum#scripts", 9)),
            Counter("features#2026-10-02", "deprecated_env_usage#0", ("set#env=X#uses", 1)),
        ]);
        await bench.RollUp();
        return bench;
    }

    private static Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> Counter(
        string metric, string group, params (string Attribute, long Number)[] numbers) =>
        LargeSession.Item(new CounterKey(metric, group), numbers.ToDictionary(n => n.Attribute, n => n.Number));
}
