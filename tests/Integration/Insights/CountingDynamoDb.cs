using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Collector.Tests.Integration.Insights;

/// <summary>A client that keeps a list of the reads it makes.</summary>
internal sealed class CountingDynamoDb(Uri endpoint) : AmazonDynamoDBClient(
    new BasicAWSCredentials("local", "local"),
    new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 })
{
    private readonly ConcurrentQueue<string> reads = new();

    /// <summary>Operation and table of each read, in order.</summary>
    public IReadOnlyCollection<string> Reads => reads;

    public void Forget() => reads.Clear();

    public override Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default)
    {
        reads.Enqueue("Query " + request.TableName);
        return base.QueryAsync(request, cancellationToken);
    }

    public override Task<GetItemResponse> GetItemAsync(GetItemRequest request, CancellationToken cancellationToken = default)
    {
        reads.Enqueue("GetItem " + request.TableName);
        return base.GetItemAsync(request, cancellationToken);
    }

    public override Task<BatchGetItemResponse> BatchGetItemAsync(BatchGetItemRequest request, CancellationToken cancellationToken = default)
    {
        reads.Enqueue("BatchGetItem " + string.Join(',', request.RequestItems.Keys));
        return base.BatchGetItemAsync(request, cancellationToken);
    }
}
