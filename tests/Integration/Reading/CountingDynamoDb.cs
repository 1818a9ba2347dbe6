using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Collector.Tests.Integration.Reading;

/// <summary>A client that records its reads, and can become unavailable after some writes.</summary>
internal sealed class CountingDynamoDb(Uri endpoint) : AmazonDynamoDBClient(
    new BasicAWSCredentials("local", "local"),
    new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 })
{
    private readonly ConcurrentQueue<string> reads = new();
    private int puts;
    private int updates;

    /// <summary>The operation and table of each read, in order.</summary>
    public IReadOnlyCollection<string> Reads => reads;

    public void Forget() => reads.Clear();

    /// <summary>How many items it puts before DynamoDB becomes unavailable.</summary>
    public int PutsLeft { get; set; } = int.MaxValue;

    /// <summary>How many transactions it makes before DynamoDB becomes unavailable.</summary>
    public int TransactionsLeft { get; set; } = int.MaxValue;

    /// <summary>How many items it has put.</summary>
    public int Puts => puts;

    /// <summary>How many updates it has made, refused ones included.</summary>
    public int Updates => updates;

    public override Task<UpdateItemResponse> UpdateItemAsync(UpdateItemRequest request, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref updates);
        return base.UpdateItemAsync(request, cancellationToken);
    }

    public override Task<PutItemResponse> PutItemAsync(PutItemRequest request, CancellationToken cancellationToken = default)
    {
        if (PutsLeft-- <= 0) throw new InternalServerErrorException("away");
        Interlocked.Increment(ref puts);
        return base.PutItemAsync(request, cancellationToken);
    }

    public override Task<TransactWriteItemsResponse> TransactWriteItemsAsync(
        TransactWriteItemsRequest request, CancellationToken cancellationToken = default)
    {
        if (TransactionsLeft-- <= 0) throw new InternalServerErrorException("away");
        return base.TransactWriteItemsAsync(request, cancellationToken);
    }

    public override Task<ScanResponse> ScanAsync(ScanRequest request, CancellationToken cancellationToken = default)
    {
        reads.Enqueue("Scan " + request.TableName);
        return base.ScanAsync(request, cancellationToken);
    }

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
