using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Runtime;
using Collector.Storage;
using Collector.Usage;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.Usage;

public sealed class LedgerUsageTests
{
    private static readonly DateOnly Saturday = new(2026, 11, 21);
    private static readonly DateOnly Sunday = new(2026, 11, 22);

    [Fact]
    public void Received_equals_stored_plus_dropped_on_each_day_and_in_total()
    {
        var ledger = Ledger();
        Add(ledger, Saturday, "0", ("received", 5), ("stored", 4), ("dropped#invalid", 1));
        Add(ledger, Sunday, "0", ("received", 3), ("stored", 3), ("stripped#cli_cmd.metadata.session_id", 2));
        Add(ledger, Sunday, "5", ("received", 4), ("stored", 1), ("dropped#invalid", 1), ("dropped#not_collected", 2), ("unreadable", 1));
        var answer = JsonNode.Parse(ledger.Json().Body!)!;
        var rows = answer["rows"]!.AsArray();
        var total = answer["total"]!;
        Assert.Equal(["2026-11-21", "2026-11-22"], rows.Select(row => (string?)row!["day"]));
        Assert.All([.. rows, total], row => Assert.Equal(
            (int)row!["received"]!, (int)row["stored"]! + row["dropped"]!.AsObject().Sum(d => (int)d.Value!)));
        Assert.Equal((12, 8), ((int)total["received"]!, (int)total["stored"]!));
        Assert.Equal(2, (int)total["dropped"]!["invalid"]!);
        Assert.Equal(2, (int)total["stripped"]!["cli_cmd.metadata.session_id"]!);
        Assert.Equal((null, 1), ((int?)rows[0]!["unreadable"], (int?)rows[1]!["unreadable"]));
    }

    [Fact]
    public void A_day_without_events_is_a_row_of_zeros() => Assert.All(
        JsonNode.Parse(Ledger().Json().Body!)!["rows"]!.AsArray(), row =>
            Assert.Equal((0, 0), ((int)row!["received"]!, (int)row["stored"]!)));

    [Fact]
    public void The_ledger_as_csv_has_a_column_for_each_reason_and_field()
    {
        var ledger = Ledger();
        Add(ledger, Saturday, "0", ("received", 5), ("stored", 4), ("dropped#invalid", 1), ("stripped#cli_cmd.metadata.session_id", 2));
        var lines = ledger.Csv().Body!.Split("\r\n");
        Assert.Equal(["day,received,stored,dropped.invalid,stripped.cli_cmd.metadata.session_id", "2026-11-21,5,4,1,2",
            "2026-11-22,0,0,0,0"], lines[..3]);
    }

    [Theory]
    [InlineData("/usage/ledger", 200)]
    [InlineData("/usage/requests", 401)]
    [InlineData("/usage/cli", 401)]
    [InlineData("/usage/features", 401)]
    public async Task Everyone_may_see_the_ledger_and_only_operators_the_rest(string resource, int status)
    {
        using var store = new NoCounters();
        var functions = new InProcessFunctions(function =>
            new App(TestSettings.Of(function), new FakeTimeProvider(TestTime.Start)) { DynamoDb = store, Output = Stream.Null });
        var response = await functions.Send(
            "Usage", new APIGatewayProxyRequest { Resource = resource }, new TestContext(new RecordingLog()));
        Assert.Equal(status, response.StatusCode);
    }

    private static LedgerUsage Ledger() =>
        new(new UsageQuery(Saturday, Sunday, Limits.UsageRows, Compare: false), new APIGatewayProxyRequest());

    private static void Add(LedgerUsage ledger, DateOnly day, string shard, params (string Attribute, long Number)[] numbers)
    {
        foreach (var (attribute, number) in numbers) ledger.Add(shard, attribute, [new DayCount(day.DayNumber, number)]);
    }

    private sealed class NoCounters() : AmazonDynamoDBClient(
        new AnonymousAWSCredentials(), new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1" })
    {
        public override Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default) =>
            Task.FromResult(new QueryResponse());
    }
}
