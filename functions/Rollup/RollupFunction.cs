using Amazon.Lambda.Core;
using Collector.Observability;

namespace Collector.Rollup;

/// <summary>
/// Run by a schedule, not by anyone who asks: closes days and packs months. What its event says does not matter. What it has no time for it does the
/// next time; when the store is away it fails, and Lambda tries it again.
/// </summary>
internal sealed class RollupFunction(RollupJob job, TimeProvider time)
{
    // A month that was begun is done to its end.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(45);

    public async Task<Stream> Handle(Stream schedule, ILambdaContext context)
    {
        var done = await job.Run(time.GetUtcNow() + context.RemainingTime - Reserve);
        InvocationReport.Current?.Count("days", done.Days);
        InvocationReport.Current?.Count("months", done.Months);
        InvocationReport.Current?.Count("unfinished", done.Left);
        return Stream.Null;
    }
}
