namespace Collector.Tests.Integration.Ownership;

/// <summary>One DynamoDB Local for the tests of this folder; each test has its own tables.</summary>
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

/// <summary>A DynamoDB Local for one test alone.</summary>
internal sealed class OwnDynamoDb : IAsyncDisposable
{
    public DynamoDbLocal DynamoDb { get; } = new() { InMemory = true };

    public static async Task<OwnDynamoDb> Start()
    {
        var own = new OwnDynamoDb();
        await own.DynamoDb.Start();
        return own;
    }

    public async ValueTask DisposeAsync() => await DynamoDb.DisposeAsync();
}
