using Collector.Metrics;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>Compares two sessions, operation by operation, by their counters: what a run does now and what an earlier one did.</summary>
internal sealed class StackComparison(SessionsTable sessions, CountersTable counters)
{
    // Only the 500 sessions before are searched.
    private const int MaxQueries = 5;
    private const int PerQuery = 100;

    /// <summary>
    /// The newest earlier session in the same kind of environment (CI or not) that has calls; null when there is none among those searched.
    /// </summary>
    public async Task<OwnedSession?> Previous(OwnedSession session, IReadOnlyList<string> credentials)
    {
        (long, string) after = (session.StartedAt.ToUnixTimeMilliseconds(), session.Id);
        for (var query = 0; query < MaxQueries; query++)
        {
            var found = await sessions.OfCredential(credentials, after, PerQuery);
            var alike = found.Where(other => other.IsCi == session.IsCi).ToList();
            var totals = await StackMetric.Totals(counters, alike.Select(other => other.Id));
            if (alike.Find(other => totals.TryGetValue(other.Id, out var total)
                && total.Numbers.GetValueOrDefault(StackMetric.Calls) > 0) is { } previous)
                return previous;
            if (found.Count < PerQuery) return null;
            after = (found[^1].StartedAt.ToUnixTimeMilliseconds(), found[^1].Id);
        }

        return null;
    }

    public static StackComparisonResponse Of(StackDetail now, StackDetail? before)
    {
        var rows = new Dictionary<(string Service, string Operation), Sums>();
        foreach (var operation in now.Operations) At(operation).Now.Add(operation);
        foreach (var operation in before?.Operations ?? []) At(operation).Before.Add(operation);
        return new StackComparisonResponse(
            now,
            before,
            before is null ? [] :
            [
                .. rows.Select(row => Row(row.Key.Service, row.Key.Operation, row.Value.Now, row.Value.Before))
                    .OrderBy(row => Array.IndexOf(Changes, row.Change)).ThenByDescending(row => row.Failed)
                    .ThenByDescending(row => Math.Abs(row.Calls - row.CallsBefore)).ThenBy(row => row.Service, StringComparer.Ordinal)
                    .ThenBy(row => row.Operation, StringComparer.Ordinal),
            ]);

        Sums At(StackOperation operation)
        {
            var key = (operation.Service, operation.Operation);
            if (!rows.TryGetValue(key, out var sums)) rows.Add(key, sums = new Sums());
            return sums;
        }
    }

    /// <summary>The kinds of change, in the order in which people look for them.</summary>
    private static readonly string[] Changes = ["fails_now", "new", "vanished", "recovered", "changed", "same"];

    private static StackChange Row(string service, string operation, Sum now, Sum before) => new(
        service, operation, now.Calls, now.Failed, before.Calls, before.Failed,
        (now, before) switch
        {
            ({ Failed: > 0 }, { Failed: 0 }) => "fails_now",
            (_, { Calls: 0 }) => "new",
            ({ Calls: 0 }, _) => "vanished",
            ({ Failed: 0 }, { Failed: > 0 }) => "recovered",
            _ => now.Calls == before.Calls && now.Failed == before.Failed ? "same" : "changed",
        });

    private sealed class Sums
    {
        public Sum Now { get; } = new();

        public Sum Before { get; } = new();
    }

    private sealed class Sum
    {
        public long Calls { get; private set; }

        public long Failed { get; private set; }

        public void Add(StackOperation operation)
        {
            Calls += operation.Calls;
            if (StatusCodes.IsError(operation.StatusCode)) Failed += operation.Calls;
        }
    }
}

/// <summary>
/// When there is nothing to compare with, <c>With</c> is missing and there are no rows. The rows add up to the calls of both sessions.
/// </summary>
internal sealed record StackComparisonResponse(StackRow Session, StackRow? With, IReadOnlyList<StackChange> Rows);

/// <summary>
/// An operation in the two sessions. <c>Change</c> is <c>fails_now</c> (and did not before), <c>new</c>, <c>vanished</c>, <c>recovered</c>
/// (failed before and does not now), <c>changed</c> (other numbers) or <c>same</c>.
/// </summary>
internal sealed record StackChange(
    string Service, string Operation, long Calls, long Failed, long CallsBefore, long FailedBefore, string Change);
