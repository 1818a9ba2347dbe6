using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>A running collector rolls up closed days and months on its schedule.</summary>
public sealed class RollupTests : IAsyncLifetime
{
    private const string Table = "usage-counters";

    private RunningCollector collector = null!;

    public async Task InitializeAsync()
    {
        collector = await RunningCollector.Run(new RunningCollectorOptions());
        // The test must not write its items while the run at the host's start is in progress.
        await collector.WaitForLine(line => line.Contains("\"unfinished\":0", StringComparison.Ordinal));
    }

    public Task DisposeAsync() => collector.DisposeAsync();

    [SkippableFact]
    public async Task The_schedule_rolls_up_months_and_counts_machines_without_changing_answers()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var month = new DateOnly(today.Year, today.Month, 1).AddMonths(-2);
        var closed = today.AddDays(-10);
        await Put("requests#" + Day(month), "s3#0", ("PutObject#200", 5), ("PutObject#404", 2));
        await Put("requests#" + Day(month.AddDays(20)), "s3#3", ("PutObject#200", 4));
        await Put("sessions#" + Day(closed), "all#0", ("sessions", 3));
        foreach (var machine in new[] { "one", "two" }) await Put("machines#" + Day(closed), machine, ("sessions", 1));
        var requests = $"usage/requests?from={Day(month)}&to={Day(month.AddMonths(1).AddDays(-1))}";
        var unfolded = await Get(requests);

        // The job runs when the host starts, and then once a day.
        await collector.StopHost();
        await collector.StartHost();
        var part = await Eventually.Get(() => Query($"requests#{month:yyyy-MM}"), items => items.Count > 0, seconds: 120);

        Assert.Single(part);
        Assert.Equal(unfolded, await Get(requests));
        Assert.Equal(11, (int)JsonNode.Parse(unfolded)!["total"]!["calls"]!);
        foreach (var mark in await Query("machines#" + Day(closed))) await collector.DynamoDb.Client.DeleteItemAsync(Table, Key(mark));
        var sessions = JsonNode.Parse(await Get($"usage/sessions?from={Day(closed)}&to={Day(closed)}"))!["rows"]![0]!;
        Assert.Equal((3, 2), ((int)sessions["sessions"]!, (int)sessions["machines"]!));
    }

    private Task<PutItemResponse> Put(string metric, string group, params (string Attribute, int Number)[] numbers)
    {
        var item = numbers.ToDictionary(n => n.Attribute, n => new AttributeValue { N = n.Number.ToString(CultureInfo.InvariantCulture) });
        (item["metric"], item["group"]) = (new(metric), new(group));
        return collector.DynamoDb.Client.PutItemAsync(Table, item);
    }

    private async Task<List<Dictionary<string, AttributeValue>>> Query(string metric) =>
        (await collector.DynamoDb.Client.QueryAsync(new QueryRequest
    {
        TableName = Table,
        KeyConditionExpression = "metric = :metric",
        ExpressionAttributeValues = new() { [":metric"] = new(metric) },
    })).Items;

    private static Dictionary<string, AttributeValue> Key(Dictionary<string, AttributeValue> item) =>
        new() { ["metric"] = item["metric"], ["group"] = item["group"] };

    private async Task<string> Get(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(collector.BaseAddress, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningCollector.OperatorKey);
        using var response = await collector.Client.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
