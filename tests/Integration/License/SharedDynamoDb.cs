namespace Collector.Tests.Integration.License;

/// <summary>One DynamoDB Local for the tests of this folder; each test has tables of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDynamoDb : ICollectionFixture<DynamoDbLocal>
{
    public const string Name = "licence, tracking, erasure";
}
