using Collector.Metrics;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// Adds up, from their counters, all sessions of a credential that started in the last days: which services and operations fail most.
/// </summary>
internal sealed class StackOverview(SessionsTable sessions, CountersTable counters, TimeProvider time)
{
    /// <summary>The most sessions to read for an overview, newest first: one query each.</summary>
    public const int MaxSessions = 200;

    /// <summary>The most operations to show; the totals include all.</summary>
    public const int MaxRows = 100;

    private const int AtATime = 16;

    private readonly Dictionary<(string Service, string? Operation), OverviewSum> sums = [];

    public async Task<StackOverviewResponse> Of(IReadOnlyList<string> credentials, int days)
    {
        var from = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date.AddDays(1 - days), TimeSpan.Zero);
        var found = new List<OwnedSession>();
        while (found.Count <= MaxSessions)
        {
            var page = await sessions.OfCredential(
                credentials, found.Count == 0 ? null : (found[^1].StartedAt.ToUnixTimeMilliseconds(), found[^1].Id), 100);
            found.AddRange(page);
            if (page.Count < 100 || page[^1].StartedAt < from) break;
        }

        found.RemoveAll(session => session.StartedAt < from);
        var shown = found.Take(MaxSessions).ToList();
        long calls = 0, failed = 0;
        foreach (var some in shown.Chunk(AtATime))
        {
            foreach (var detail in await Task.WhenAll(some.Select(session => StackSummary.Read(session, counters))))
            {
                calls += detail.Calls;
                failed += detail.Failed;
                Add(detail);
            }
        }

        return new StackOverviewResponse(
            StackJson.Time(from), shown.Count, calls, failed, Rows(services: true), [.. Rows(services: false).Take(MaxRows)],
            found.Count <= MaxSessions);
    }

    private void Add(StackDetail detail)
    {
        foreach (var service in detail.Operations.GroupBy(o => o.Service))
        {
            Sum(service.Key, null).Add(service);
            foreach (var operation in service.GroupBy(o => o.Operation)) Sum(service.Key, operation.Key).Add(operation);
        }
    }

    private OverviewSum Sum(string service, string? operation)
    {
        if (!sums.TryGetValue((service, operation), out var sum)) sums.Add((service, operation), sum = new OverviewSum());
        return sum;
    }

    private List<StackOverviewRow> Rows(bool services) =>
    [
        .. sums.Where(sum => sum.Key.Operation is null == services)
            .OrderByDescending(sum => sum.Value.Failed).ThenByDescending(sum => sum.Value.Calls)
            .ThenBy(sum => sum.Key.Service, StringComparer.Ordinal).ThenBy(sum => sum.Key.Operation, StringComparer.Ordinal)
            .Select(sum => new StackOverviewRow(
                sum.Key.Service, sum.Key.Operation, sum.Value.Calls, sum.Value.Failed, sum.Value.FailingStacks)),
    ];

    private sealed class OverviewSum
    {
        public long Calls { get; private set; }

        public long Failed { get; private set; }

        public long FailingStacks { get; private set; }

        /// <summary>Adds one session's operations.</summary>
        public void Add(IEnumerable<StackOperation> operations)
        {
            var failedBefore = Failed;
            foreach (var operation in operations)
            {
                Calls += operation.Calls;
                if (StatusCodes.IsError(operation.StatusCode)) Failed += operation.Calls;
            }

            if (Failed > failedBefore) FailingStacks++;
        }
    }
}

/// <summary>
/// The <c>Stacks</c> newest sessions since <c>From</c>; <c>Complete</c> means that there are no others. The services add up to
/// <c>Calls</c> and <c>Failed</c>.
/// </summary>
internal sealed record StackOverviewResponse(
    string From, long Stacks, long Calls, long Failed, IReadOnlyList<StackOverviewRow> Services, IReadOnlyList<StackOverviewRow> Operations,
    bool Complete);

/// <summary>
/// A service or one of its operations, most failures first. <c>FailingStacks</c> is the number of sessions in which it failed.
/// </summary>
internal sealed record StackOverviewRow(string Service, string? Operation, long Calls, long Failed, long FailingStacks);
