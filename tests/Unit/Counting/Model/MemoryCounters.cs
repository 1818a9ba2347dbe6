using Amazon.DynamoDBv2.Model;
using Collector.Storage;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Model;

/// <summary>Counters in memory, for thousands of cases.</summary>
internal sealed class MemoryCounters : ICounterStore, IDisposable
{
    private readonly InMemoryDynamoDb dynamoDb = new();

    public void Dispose() => dynamoDb.Dispose();

    public Task<UpdateItemResponse> Update(UpdateItemRequest request) => dynamoDb.UpdateItemAsync(request);

    public Task<Dictionary<(string Group, string Attribute), long>> Numbers(string metric) => Task.FromResult(
        dynamoDb.Items(CaseRunner.Table).Select(CounterItem.Of).Where(item => item.Metric == metric)
            .SelectMany(item => item.Numbers, (item, number) => (item.Group, number.Key, number.Value)).ToDictionary(n => (n.Group, n.Key), n => n.Value));
}
