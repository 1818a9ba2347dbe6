using System.Text.Json;
using System.Text.Json.Serialization;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// What failed in a session, grouped by operation, status, type and message, and which user agent called what. The counters say how often
/// an operation failed. Types, messages and callers are only in the log, of which a limited number of the newest calls is read.
/// </summary>
internal sealed class StackBreakdown(CallsTable log)
{
    /// <summary>The most calls to examine, newest first.</summary>
    public const int MaxCalls = 20_000;

    /// <summary>The most error groups, and callers, to show by name. The other errors are added up by operation and status.</summary>
    public const int MaxRows = 200;

    // Each reads at most a MB of the log.
    private const int MaxQueries = 4;

    private const int ItemsPerQuery = 1_000;

    private readonly Dictionary<ErrorKey, ErrorSum> errors = [];
    private readonly Dictionary<(string UserAgent, string Service, string Operation), (long Calls, long Failed)> callers = [];
    private long looked;

    /// <summary>Reads the session's log and adds it up.</summary>
    /// <param name="session">The session.</param>
    /// <param name="detail">The session's summary from its counters.</param>
    public async Task<StackBreakdownResponse> Of(OwnedSession session, StackDetail detail)
    {
        var complete = await Read(session);
        return new StackBreakdownResponse(Errors(detail), Callers(), looked, complete);
    }

    private async Task<bool> Read(OwnedSession session)
    {
        string? behind = null;
        for (var query = 0; query < MaxQueries; query++)
        {
            var page = await log.Calls(session.Id, ReceiptRange.All, behind, null, null, newestFirst: true, ItemsPerQuery);
            foreach (var item in page.Items)
            {
                if (looked >= MaxCalls) return false;
                foreach (var call in Calls(item)) Add(call, item.At);
            }

            behind = page.Behind;
            if (behind is null) return true;
        }

        return false;
    }

    private static IReadOnlyList<LoggedCall> Calls(LoggedCalls item)
    {
        try
        {
            return LogEntry.Unpack(item.Data).Calls ?? [];
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            // The Aggregator has counted it as unreadable.
            return [];
        }
    }

    private void Add(LoggedCall call, DateTimeOffset at)
    {
        looked++;
        var failed = call.StatusCode >= 400;
        var agent = call.UserAgent ?? StackSummary.Unknown;
        var caller = (agent, call.Service, call.Operation);
        var sum = callers.GetValueOrDefault(caller);
        callers[caller] = (sum.Calls + 1, sum.Failed + (failed ? 1 : 0));
        if (!failed) return;
        var key = new ErrorKey(call.Service, call.Operation, StatusCodes.Name(call.StatusCode), call.ErrType, call.ErrMsg);
        if (!errors.TryGetValue(key, out var error)) errors.Add(key, error = new ErrorSum(at));
        error.Add(at, agent);
    }

    // The groups that are shown, then rows for further failures in the counters, so that the rows add up to the calls that failed.
    private List<StackError> Errors(StackDetail detail)
    {
        var shown = errors.OrderByDescending(e => e.Value.Calls).ThenByDescending(e => e.Value.Last)
            .ThenBy(e => e.Key.ToString(), StringComparer.Ordinal).Take(MaxRows)
            .Select(e => e.Value.Row(e.Key)).ToList();
        var named = shown.GroupBy(e => (e.Service, e.Operation, e.StatusCode))
            .ToDictionary(group => group.Key, group => group.Sum(e => e.Calls));
        var rest =
            from operation in detail.Operations
            where StatusCodes.IsError(operation.StatusCode)
            let more = operation.Calls - named.GetValueOrDefault((operation.Service, operation.Operation, operation.StatusCode))
            where more > 0
            select new StackError(operation.Service, operation.Operation, operation.StatusCode, null, null, more, null, null, null,
                Rest: true);
        return [.. shown, .. rest];
    }

    private List<StackCaller> Callers() =>
    [
        .. callers.OrderByDescending(c => c.Value.Failed).ThenByDescending(c => c.Value.Calls)
            .ThenBy(c => c.Key.ToString(), StringComparer.Ordinal).Take(MaxRows)
            .Select(c => new StackCaller(c.Key.UserAgent, c.Key.Service, c.Key.Operation, c.Value.Calls, c.Value.Failed)),
    ];

    private sealed record ErrorKey(string Service, string Operation, string StatusCode, string? ErrType, string? ErrMsg);

    private sealed class ErrorSum(DateTimeOffset at)
    {
        private readonly Dictionary<string, long> agents = new(StringComparer.Ordinal);
        private DateTimeOffset first = at;

        public long Calls { get; private set; }

        public DateTimeOffset Last { get; private set; } = at;

        public void Add(DateTimeOffset time, string agent)
        {
            Calls++;
            if (time < first) first = time;
            if (time > Last) Last = time;
            agents[agent] = agents.GetValueOrDefault(agent) + 1;
        }

        public StackError Row(ErrorKey key) => new(
            key.Service,
            key.Operation,
            key.StatusCode,
            key.ErrType,
            key.ErrMsg,
            Calls,
            StackJson.Time(first),
            StackJson.Time(Last),
            [.. agents.OrderByDescending(a => a.Value).ThenBy(a => a.Key, StringComparer.Ordinal).Take(10)
                .Select(a => new StackUserAgent(a.Key, a.Value))]);
    }
}

/// <summary>
/// <c>Errors</c> add up to the session's failed calls. <c>LookedAt</c> is the number of calls, the newest ones, from which types, messages
/// and callers were read; <c>Complete</c> means that there are no others.
/// </summary>
internal sealed record StackBreakdownResponse(
    IReadOnlyList<StackError> Errors, IReadOnlyList<StackCaller> Clients, long LookedAt, bool Complete);

/// <summary>
/// Failed calls with the same error, and up to ten of their user agents, most calls first. <c>Rest</c> marks the failures of an operation
/// and status that are only counted, because they are older than the calls that were examined or there are too many different errors.
/// </summary>
internal sealed record StackError(
    string Service,
    string Operation,
    [property: JsonConverter(typeof(StatusCodeJson))] string StatusCode,
    string? ErrType,
    string? ErrMsg,
    long Calls,
    string? FirstAt,
    string? LastAt,
    IReadOnlyList<StackUserAgent>? UserAgents,
    bool? Rest = null);

/// <summary>The calls of one operation by one user agent, among the calls that were examined.</summary>
internal sealed record StackCaller(string UserAgent, string Service, string Operation, long Calls, long Failed);
