using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Metrics;
using Collector.Rollup;
using Collector.Storage;
using Xunit.Abstractions;

namespace Collector.Tests.Integration.Reading;

/// <summary>The cost of reading a year of 2,000 operations.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class UsageYearTests(DynamoDbLocal dynamoDb, ITestOutputHelper output)
{
    private const int Services = 10;
    private const int OperationsPerService = 200;

    [Fact]
    public async Task A_year_of_two_thousand_operations_is_read_from_rolled_up_months_and_adds_up()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
        var to = new DateOnly(2026, 11, 22);
        var from = to.AddDays(-364);
        var expected = await Fill(bench, from, to);
        const string year = "/usage/requests?from=2025-11-23&to=2026-11-22";

        var (first, firstReads) = await Ask(bench, year);
        await RollUp(bench);
        var (second, secondReads) = await Ask(bench, year);
        var (byDay, _) = await Ask(bench, year + "&by=day");

        // One look-up per past month, then the days.
        Assert.Equal(12 + 365, firstReads);
        // One read per past month, even for the first, of which only a part is requested, and one per day of the current month.
        Assert.Equal(12 + 22, secondReads);
        Assert.Equal(first, second);
        Assert.InRange(Encoding.UTF8.GetByteCount(first), 1, 6 * 1024 * 1024);
        var answer = JsonNode.Parse(second)!;
        Assert.Equal(Services * OperationsPerService * 3 / 2, answer["rows"]!.AsArray().Count);
        Assert.Equal(expected, (long)answer["total"]!["calls"]!);
        Assert.Equal(expected, answer["rows"]!.AsArray().Sum(r => (long)r!["calls"]!));
        var days = JsonNode.Parse(byDay)!["rows"]!.AsArray();
        Assert.Equal(365, days.Count);
        Assert.Equal(expected, days.Sum(r => (long)r!["calls"]!));
    }

    private async Task<(string Body, int Reads)> Ask(InsightsBench bench, string path)
    {
        bench.DynamoDb.Forget();
        var allocated = GC.GetTotalAllocatedBytes();
        var began = TimeProvider.System.GetTimestamp();
        var answer = await bench.Get(path, InsightsBench.OperatorKey);
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(answer.StatusCode == 200, answer.Body);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {took.TotalMilliseconds:0} ms, {bench.DynamoDb.Reads.Count} reads, {answer.Body!.Length:N0} bytes, {(GC.GetTotalAllocatedBytes() - allocated) / 1048576} MB allocated, {Environment.WorkingSet / 1048576} MB resident"));
        return (answer.Body!, bench.DynamoDb.Reads.Count);
    }

    private async Task RollUp(InsightsBench bench)
    {
        var began = TimeProvider.System.GetTimestamp();
        await bench.RollUp(Limits.UsageDays);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"folded in {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms, {Environment.WorkingSet / 1048576} MB resident"));
    }

    // Every operation each day with status 200, and every second one also with 400.
    private static async Task<long> Fill(InsightsBench bench, DateOnly from, DateOnly to)
    {
        var calls = 0L;
        var items = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1)
            .SelectMany(day => Enumerable.Range(0, Services).Select(service =>
        {
            var numbers = new Dictionary<string, long>();
            for (var i = 0; i < OperationsPerService; i++)
            {
                numbers.Add(RequestMetric.Attribute($"DescribeSomething{i}", "200"), (day * 31 + service * 7 + i) % 5000 + 1);
                if (i % 2 == 0) numbers.Add(RequestMetric.Attribute($"DescribeSomething{i}", "400"), (day + i) % 50 + 1);
            }

            calls += numbers.Values.Sum();
            var name = DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return LargeSession.Item(RequestMetric.Key(name, $"service-{service}", "", 0), numbers);
        }));
        await bench.Write(bench.CountersTableName, items);
        return calls;
    }
}
