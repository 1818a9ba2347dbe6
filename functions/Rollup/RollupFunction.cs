using Amazon.Lambda.Core;
using Collector.Observability;

namespace Collector.Rollup;

/// <summary>
/// Run by a schedule, not by anyone who asks: closes days and packs months. What its event says does not matter. What it has no time for it
/// does the next time; when the store is away it fails, and Lambda tries it again.
/// </summary>
internal sealed class RollupFunction(RollupJob job, TimeProvider time)
{
    // A month that was begun is done to its end.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(45);

    public async Task Handle(ILambdaContext context)
    {
        var done = await job.Run(time.GetUtcNow() + context.RemainingTime - Reserve);
        if (done.TooLarge > 0)
            context.Logger.LogError(FormattableString.Invariant(
                $"{done.TooLarge} months of a metric are too large to be packed; they are read day by day"));
        if (InvocationReport.Current is not { } report) return;
        report.UsesAllItsTime = true;
        report.Count("days", done.Days);
        report.Count("months", done.Months);
        report.Count("unfinished", done.Left);
        report.Count("too_large", done.TooLarge);
    }
}
