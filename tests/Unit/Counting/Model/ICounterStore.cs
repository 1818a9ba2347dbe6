using Amazon.DynamoDBv2.Model;

namespace Collector.Tests.Model;

/// <summary>A Counters table: DynamoDB's, or a model of the only call that counting makes.</summary>
internal interface ICounterStore
{
    Task<UpdateItemResponse> Update(UpdateItemRequest request);

    /// <summary>All numbers of a metric, by group and attribute.</summary>
    Task<Dictionary<(string Group, string Attribute), long>> Numbers(string metric);
}
