using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Collector.Storage;
using Collector.Tests.Model;

namespace Collector.Tests.Integration.Counting;

/// <summary>The Counters table in DynamoDB Local.</summary>
internal sealed class DynamoDbCounters(IAmazonDynamoDB client) : ICounterStore
{
    public Task<UpdateItemResponse> Update(UpdateItemRequest request) => client.UpdateItemAsync(request);

    public async Task<Dictionary<(string Group, string Attribute), long>> Numbers(string metric)
    {
        var numbers = new Dictionary<(string, string), long>();
        await foreach (var item in new CountersTable(client, CaseRunner.Table).Read(metric))
        {
            foreach (var (attribute, number) in item.Numbers) numbers.Add((item.Group, attribute), number);
        }

        return numbers;
    }

    public Task Create() => client.CreateTableAsync(new CreateTableRequest
    {
        TableName = CaseRunner.Table,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        AttributeDefinitions = [new(CountersTable.Metric, ScalarAttributeType.S), new(CountersTable.Group, ScalarAttributeType.S)],
        KeySchema = [new(CountersTable.Metric, KeyType.HASH), new(CountersTable.Group, KeyType.RANGE)],
    });
}
