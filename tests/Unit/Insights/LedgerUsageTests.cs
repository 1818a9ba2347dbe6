using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Runtime;
using Collector.Http;
using Collector.Insights;
using Collector.Storage;
using Collector.Tests.Unit.Ingest;

namespace Collector.Tests.Unit.Insights;

public sealed class LedgerUsageTests
{
    private static readonly UsageQuery TwoDays = new(new DateOnly(2026, 11, 21), new DateOnly(2026, 11, 22), null, null, UsageQuery.MaxLimit);

    [Fact]
    public void Received_is_stored_and_dropped_on_each_day_and_in_total()
    {
        var answer = LedgerUsage.Of(TwoDays,
        [
            Item("2026-11-21", "0", ("received", 5), ("stored", 4), ("dropped#invalid", 1)),
            Item("2026-11-22", "0", ("received", 3), ("stored", 3), ("stripped#cli_cmd.metadata.session_id", 2)),
            Item("2026-11-22", "5", ("received", 4), ("stored", 1), ("dropped#invalid", 1), ("dropped#not_collected", 2), ("unreadable", 1)),
        ]);

        Assert.Equal(["2026-11-21", "2026-11-22"], answer.Rows.Select(row => row.Day));
        Assert.All([.. answer.Rows, answer.Total], row => Assert.Equal(row.Received, row.Stored + row.Dropped.Values.Sum()));
        Assert.Equal((12, 8), (answer.Total.Received, answer.Total.Stored));
        Assert.Equal(2, answer.Total.Dropped["invalid"]);
        Assert.Equal(2, answer.Total.Stripped["cli_cmd.metadata.session_id"]);
        Assert.Equal((null, 1), (answer.Rows[0].Unreadable, answer.Rows[1].Unreadable));
    }

    [Fact]
    public void A_day_without_events_is_a_row_of_zeros() => Assert.All(LedgerUsage.Of(TwoDays, []).Rows, row => Assert.Equal((0, 0), (row.Received, row.Stored)));

    [Theory]
    [InlineData("/usage/ledger", 200)]
    [InlineData("/usage/requests", 401)]
    [InlineData("/usage/cli", 401)]
    [InlineData("/usage/features", 401)]
    public async Task Everyone_may_see_the_ledger_and_only_operators_the_rest(string resource, int status)
    {
        var function = new UsageFunction(new OperatorKey("key"), new CountersTable(new NoCounters(), "counters"), new TestClock());
        var response = await ApiFunction.Guard(function.Handle)(new APIGatewayProxyRequest { Resource = resource }, new TestContext(new RecordingLog()));
        Assert.Equal(status, response.StatusCode);
    }

    private static CounterItem Item(string day, string shard, params (string Attribute, long Number)[] numbers) =>
        new("ledger#" + day, shard, numbers.ToDictionary(n => n.Attribute, n => n.Number));

    private sealed class NoCounters() : AmazonDynamoDBClient(new AnonymousAWSCredentials(), new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1" })
    {
        public override Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default) => Task.FromResult(new QueryResponse());
    }
}
