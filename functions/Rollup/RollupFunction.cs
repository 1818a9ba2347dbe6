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

    public async Task<Stream> Handle(Stream schedule, ILambdaContext context)
    {
        var folded = await folder.Fold(time.GetUtcNow() + context.RemainingTime - Reserve);
        InvocationReport.Current?.Count("days", folded.Days);
        InvocationReport.Current?.Count("months", folded.Months);
        InvocationReport.Current?.Count("unfinished", folded.Left);
        InvocationReport.Current?.Count("too_large", folded.TooLarge);
        if (folded.TooLarge > 0) context.Logger.LogError($"{folded.TooLarge} months of a kind are too large to be rolled up; they are read day by day");
        return Stream.Null;
    }
}
