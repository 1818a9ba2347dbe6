using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Collector.Storage;

namespace Collector.Tests.Model;

/// <summary>The SDK's client during one delivery: its updates reach the store, or suffer the delivery's faults.</summary>
/// <param name="faults">Faults for the first updates of items 0 to 4, then for the second updates.</param>
/// <param name="late">Receives updates that are applied later.</param>
internal sealed class FaultyClient(ICounterStore store, IReadOnlyList<UpdateFault> faults, Action<UpdateItemRequest> late)
    : AmazonDynamoDBClient(new BasicAWSCredentials("model", "model"), Unused)
{
    private static readonly AmazonDynamoDBConfig Unused = new() { ServiceURL = "http://127.0.0.1:9", DisableLogging = true };
    private readonly Dictionary<int, int> tries = [];
    private volatile bool killed;

    public override async Task<UpdateItemResponse> UpdateItemAsync(UpdateItemRequest request, CancellationToken cancellationToken = default)
    {
        if (killed) throw new KilledException();
        switch (Next(request))
        {
            case UpdateFault.Throttled:
                throw new ProvisionedThroughputExceededException(
                    "The level of configured provisioned throughput for the table was exceeded.");
            case UpdateFault.Lost:
                throw new HttpRequestException("connection refused");
            case UpdateFault.AnswerLost:
                await Apply(request);
                throw new HttpRequestException("connection reset");
            case UpdateFault.SentAgain:
                await Apply(request);
                return await store.Update(request);
            case UpdateFault.KilledBefore:
                killed = true;
                throw new KilledException();
            case UpdateFault.KilledAfter:
                await Apply(request);
                killed = true;
                throw new KilledException();
            case UpdateFault.Late:
                late(request);
                throw new TimeoutException();
            default:
                return await store.Update(request);
        }
    }

    private async Task Apply(UpdateItemRequest request)
    {
        try
        {
            await store.Update(request);
        }
        catch (ConditionalCheckFailedException)
        {
            // The answer that reports the failed condition is lost as well.
        }
    }

    private UpdateFault Next(UpdateItemRequest request)
    {
        var item = CaseRunner.ItemOf(request.Key[CountersTable.Group].S);
        lock (tries)
        {
            var attempt = tries.GetValueOrDefault(item);
            tries[item] = attempt + 1;
            var place = (attempt * CaseRunner.Items) + item;
            return place < faults.Count ? faults[place] : UpdateFault.None;
        }
    }
}
