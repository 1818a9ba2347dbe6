using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Observability;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Takes running erasures from the Sessions table's stream and stays with each until it is done, which is some minutes at most for an ordinary
/// credential: it waits where there is something to wait for, since an erasure is rare and one that waits costs less than what else could wake it.
/// What isn't done when its time is up is delivered again, after a crash too.
/// </summary>
internal sealed class DeletionWorkerFunction(DeletionWorker eraser, TimeProvider time)
{
    // Kept back for the answer.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);

    public async Task<StreamsEventResponse> Handle(DynamoDBEvent batch, ILambdaContext context)
    {
        var deadline = time.GetUtcNow() + context.RemainingTime - Reserve;
        var records = (batch.Records ?? []).Select(r => (r.Dynamodb?.SequenceNumber, Id: IdOf(r))).Where(r => r.Id is not null).ToList();
        var unfinished = new HashSet<string>();
        await Task.WhenAll(records.Select(r => r.Id!).Distinct().Select(async id =>
        {
            if (await IsDone(id, deadline, context)) return;
            lock (unfinished) unfinished.Add(id);
        }));
        if (InvocationReport.Current is { } report)
        {
            report.UsesAllItsTime = true;
            report.Count("records", records.Count);
            report.Count("unfinished", unfinished.Count);
        }

        var again = records.Find(r => unfinished.Contains(r.Id!)).SequenceNumber;
        return new StreamsEventResponse { BatchItemFailures = again is null ? [] : [new() { ItemIdentifier = again }] };
    }

    private async Task<bool> IsDone(string id, DateTimeOffset deadline, ILambdaContext context)
    {
        try
        {
            return await eraser.Continue(id, deadline, wait: true) is not { FinishedAt: null };
        }
        catch (StoreUnavailableException e)
        {
            context.Logger.LogWarning("erasure broken off: " + e.Message);
            return false;
        }
    }

    private static string? IdOf(DynamoDBEvent.DynamodbStreamRecord record) =>
        record.Dynamodb?.Keys?.GetValueOrDefault(SessionsTable.Key)?.S is { } key ? DeletionRequests.IdOf(key) : null;
}
