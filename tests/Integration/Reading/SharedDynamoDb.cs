namespace Collector.Tests.Integration.Reading;

/// <summary>One DynamoDB Local for all tests of the read APIs; each of them has tables of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDynamoDb : ICollectionFixture<DynamoDbLocal>
{
    public const string Name = "read APIs over DynamoDB Local";
}
