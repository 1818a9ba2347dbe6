using Amazon.Lambda.Core;
using Collector.Observability;

namespace Collector.Rollup;

/// <summary>
/// Closes days and packs months. Only a schedule runs it, and it ignores its event. Work for which there is no time is done in the next
/// run. When the store is unavailable the run fails, and Lambda tries it again.
/// </summary>
internal sealed class RollupFunction(RollupJob job, TimeProvider time)
{
    // Time to finish a month that was begun.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(45);

    public async Task Handle(ILambdaContext context)
    {
        var done = await job.Run(time.GetUtcNow() + context.RemainingTime - Reserve);
        if (done.TooLarge > 0)
            context.Logger.LogError(FormattableString.Invariant(
                $"{done.TooLarge} months of a metric are too large, or take too long, to be packed and are read day by day"));
        if (InvocationReport.Current is not { } report) return;
        report.UsesAllItsTime = true;
        report.Count("days", done.Days);
        report.Count("months", done.Months);
        report.Count("unfinished", done.Left);
        report.Count("too_large", done.TooLarge);
    }
}
