using Amazon.DynamoDBv2.Model;
using Collector.Storage;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Model;

/// <summary>Counters in memory, for thousands of cases.</summary>
/// <param name="maxItemBytes">The largest size of an item; 0 means unlimited. Numbers in an overflow item count for the full item.</param>
internal sealed class MemoryCounters(int maxItemBytes = 0) : ICounterStore, IDisposable
{
    private readonly InMemoryDynamoDb dynamoDb = new() { MaxItemBytes = maxItemBytes };

    public void Dispose() => dynamoDb.Dispose();

    public Task<UpdateItemResponse> Update(UpdateItemRequest request) => dynamoDb.UpdateItemAsync(request);

    public Task<Dictionary<(string Group, string Attribute), long>> Numbers(string metric) => Task.FromResult(
        dynamoDb.Items(CaseRunner.Table).Select(CounterItem.Of).Where(item => item.Metric == metric)
            .SelectMany(item => item.Numbers, (item, number) => (Group: CaseRunner.Whole(item.Group), number.Key, number.Value))
            .GroupBy(n => (n.Group, n.Key)).ToDictionary(n => n.Key, n => n.Sum(number => number.Value)));

    /// <summary>Whether an item has become full.</summary>
    public bool Overflowed => dynamoDb.Items(CaseRunner.Table).Any(item => item["group"].S != CaseRunner.Whole(item["group"].S));
}
