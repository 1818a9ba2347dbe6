using Amazon.DynamoDBv2.Model;

namespace Collector.Tests.Model;

/// <summary>A Counters table: DynamoDB's own, or a model of the one call that counting makes.</summary>
internal interface ICounterStore
{
    Task<UpdateItemResponse> Update(UpdateItemRequest request);

    /// <summary>All numbers of this metric, by group and attribute.</summary>
    Task<Dictionary<(string Group, string Attribute), long>> Numbers(string metric);
}
