namespace Collector.Tests.Integration.License;

/// <summary>One DynamoDB Local for the tests of this folder; each test has tables of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDynamoDb : ICollectionFixture<QuickDynamoDb>
{
    public const string Name = "licence, tracking, erasure";
}

/// <summary>A DynamoDB Local that keeps its tables in memory.</summary>
public sealed class QuickDynamoDb : IAsyncLifetime
{
    public DynamoDbLocal DynamoDb { get; } = new() { InMemory = true };

    public Task InitializeAsync() => DynamoDb.InitializeAsync();

    public Task DisposeAsync() => DynamoDb.DisposeAsync();
}
