using System.Globalization;
using Collector.Metrics;
using Collector.Storage;
using Collector.Tests.Integration.Reading;
using Xunit.Abstractions;

namespace Collector.Tests.Integration.Counting;

/// <summary>How much work a single sender can cause for the Aggregator.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class FloodTests(DynamoDbLocal dynamoDb, ITestOutputHelper output)
{
    private const int Requests = 12;
    private const int CommandsOfEach = 2_000;

    [Fact]
    public async Task Twelve_requests_of_two_thousand_commands_each_are_counted_in_a_few_hundred_updates()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        for (var request = 0; request < Requests; request++)
        {
            await bench.SendEvents(Enumerable.Range(request * CommandsOfEach, CommandsOfEach).Select(i => string.Create(
                CultureInfo.InvariantCulture, $$$"""{"name":"cli_cmd","payload":{"cmd":"{{{Word(i / 100)}}} {{{Word(i)}}}","params":[]}}""")));
        }

        var began = TimeProvider.System.GetTimestamp();
        await bench.Count();
        var took = TimeProvider.System.GetElapsedTime(began);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"counted in {took.TotalSeconds:0.0} s with {bench.DynamoDb.Updates} updates"));
        // At most one update per full set of attributes, and the refused updates while the items are new.
        Assert.InRange(bench.DynamoDb.Updates, 1, (Requests * CommandsOfEach / 100) + (2 * CliMetric.Buckets));
        var counted = 0L;
        var items = 0;
        await foreach (var item in bench.Counters.Read(CliMetric.Metric.OfDay(Day.Of(bench.Clock.GetUtcNow()))))
        {
            counted += item.Numbers.Values.Sum();
            items++;
        }

        Assert.Equal(Requests * CommandsOfEach, counted);
        Assert.InRange(items, 1, CliMetric.Buckets);
    }

    private static string Word(int number) =>
        "w" + new string([.. number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0'))]);
}
