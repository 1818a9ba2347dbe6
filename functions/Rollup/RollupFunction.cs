using Amazon.Lambda.Core;
using Collector.Observability;

namespace Collector.Rollup;

/// <summary>
/// Run by a schedule, not by anyone who asks: folds what is closed. What its event says does not matter. What it has no time for it does the next time;
/// when the store is away it fails, and Lambda tries it again.
/// </summary>
internal sealed class RollupFunction(RollupJob folder, TimeProvider time)
{
    // A month that was begun is done to its end.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(45);

    public async Task Handle(ILambdaContext context)
    {
        var folded = await folder.Fold(time.GetUtcNow() + context.RemainingTime - Reserve);
        if (folded.TooLarge > 0) context.Logger.LogError($"{folded.TooLarge} months of a kind are too large to be rolled up; they are read day by day");
        if (InvocationReport.Current is not { } report) return;
        report.UsesAllItsTime = true;
        report.Count("days", folded.Days);
        report.Count("months", folded.Months);
        report.Count("unfinished", folded.Left);
        report.Count("too_large", folded.TooLarge);
    }
}
