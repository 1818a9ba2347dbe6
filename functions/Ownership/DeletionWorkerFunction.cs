using Amazon.Lambda.Core;
using Collector.Observability;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Continues the running deletions whose turn is due, and ends when there are none. A schedule invokes it every minute, so it never
/// waits. Each request gets a short turn, those due longest first; an unfinished request goes to the end of the queue. So a thousand
/// requests of any size delay another one only by seconds. Work that is unfinished when the time is up, or when the function dies, is
/// still due in the next minute.
/// </summary>
internal sealed class DeletionWorkerFunction(DeletionRequests requests, DeletionWorker worker, TimeProvider time)
{
    // Time to finish the turns that are in progress when the time is up.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);

    public async Task Handle(ILambdaContext context)
    {
        var deadline = time.GetUtcNow() + context.RemainingTime - Reserve;
        var turns = 0;
        var finished = 0;
        var wereDue = false;
        for (var before = -1; turns > before && HasTime();)
        {
            before = turns;
            // Each request has one turn in a pass; if it is not done, it is due again afterwards.
            await foreach (var page in requests.Due(time.GetUtcNow(), Limits.DeletionsAtOnce))
            {
                wereDue |= page.Count > 0;
                if (turns == 0 && page.Count > 0 && InvocationReport.Current is { } report) report.Lag = time.GetUtcNow() - page[0].Since;
                var states = await Task.WhenAll(page.Select(due => Turn(due.Id, context)));
                turns += states.Count(state => state is not null);
                finished += states.Count(state => state is { FinishedAt: not null });
                if (!HasTime()) break;
            }
        }

        if (InvocationReport.Current is not { } done) return;
        done.UsesAllItsTime = true;
        done.IsIdle = !wereDue;
        done.Count("turns", turns);
        done.Count("finished", finished);
        // Requests that had no turn in time are due in the next minute.
        done.Count("unfinished", HasTime() ? 0 : 1);

        bool HasTime() => time.GetUtcNow() < deadline;
    }

    private async Task<DeletionRequest?> Turn(string id, ILambdaContext context)
    {
        try
        {
            var now = time.GetUtcNow();
            var request = await requests.Find(id);
            return request?.NextAt <= now ? await worker.TakeTurn(request, now + Limits.DeletionTurn) : null;
        }
        catch (StoreUnavailableException e)
        {
            context.Logger.LogWarning("deletion interrupted: " + e.Message);
            return null;
        }
    }
}
