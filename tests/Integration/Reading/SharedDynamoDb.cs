namespace Collector.Tests.Integration.Reading;

/// <summary>One DynamoDB Local for all tests of the read APIs; each test has its own tables.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDynamoDb : ICollectionFixture<DynamoDbLocal>
{
    public const string Name = "read APIs over DynamoDB Local";
}
