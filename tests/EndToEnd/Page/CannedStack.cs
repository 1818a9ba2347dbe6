using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>A stack with its calls, and the API's answers about it.</summary>
internal sealed class CannedStack(string session, DateTimeOffset started, IReadOnlyList<CannedCall> calls, string version = "2026.3.1")
{
    public string Session => session;

    public IReadOnlyList<CannedCall> Calls => calls;

    public int Failed => calls.Count(call => call.Status >= 400);

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public JsonObject Summary() => new()
    {
        ["session"] = session,
        ["started_at"] = Iso(started),
        ["last_seen_at"] = Iso(calls.Count > 0 ? calls.Max(call => call.Time) : started),
        ["duration_s"] = calls.Count > 0 ? (long)(calls.Max(call => call.Time) - started).TotalSeconds : 0,
        ["calls"] = calls.Count,
        ["succeeded"] = calls.Count - Failed,
        ["failed"] = Failed,
        ["services"] = new JsonArray([.. By(call => call.Service).Select(group => JsonValue.Create(group.Key))]),
        ["version"] = version,
        ["is_ci"] = false,
        ["is_docker"] = true,
    };

    public JsonObject Whole()
    {
        var whole = Summary();
        whole["operations"] = Array(By(call => (call.Service, call.Operation, call.Status)), (group, row) =>
        {
            (row["service"], row["operation"], row["status_code"]) = (group.Key.Service, group.Key.Operation, group.Key.Status);
        });
        whole["user_agents"] = Array(By(call => call.UserAgent), (group, row) => row["user_agent"] = group.Key);
        whole["regions"] = Array(By(call => call.Region), (group, row) => row["region"] = group.Key);
        whole["timeline"] = Array(calls.GroupBy(call => Iso(call.Time)[..16] + ":00.000Z")
            .OrderBy(group => group.Key, StringComparer.Ordinal), (group, row) =>
        {
            (row["minute"], row["failed"]) = (group.Key, group.Count(call => call.Status >= 400));
        });
        whole["timeline_step_s"] = 60;
        return whole;
    }

    /// <summary>The grouped errors, and the operations of each caller.</summary>
    public JsonObject Breakdown() => new()
    {
        ["errors"] = new JsonArray([.. calls.Where(call => call.Status >= 400).GroupBy(call =>
            (call.Service, call.Operation, call.Status, call.ErrorType, call.ErrorMessage))
            .OrderByDescending(group => group.Count()).Select(group =>
            {
                var row = new JsonObject
                {
                    ["service"] = group.Key.Service, ["operation"] = group.Key.Operation, ["status_code"] = group.Key.Status,
                    ["calls"] = group.Count(),
                    ["first_at"] = Iso(group.Min(call => call.Time)), ["last_at"] = Iso(group.Max(call => call.Time)),
                    ["user_agents"] = Array(group.GroupBy(call => call.UserAgent), (agents, agent) => agent["user_agent"] = agents.Key),
                };
                if (group.Key.ErrorType is not null) row["err_type"] = group.Key.ErrorType;
                if (group.Key.ErrorMessage is not null) row["err_msg"] = group.Key.ErrorMessage;
                return row;
            })]),
        ["clients"] = Array(By(call => (call.UserAgent, call.Service, call.Operation)), (group, row) =>
        {
            (row["user_agent"], row["service"], row["operation"]) = (group.Key.UserAgent, group.Key.Service, group.Key.Operation);
            row["failed"] = group.Count(call => call.Status >= 400);
        }),
        ["looked_at"] = calls.Count,
        ["complete"] = true,
    };

    /// <summary>A comparison with another stack; null means that there is none.</summary>
    public JsonObject Comparison(CannedStack? other)
    {
        var comparison = new JsonObject { ["session"] = Summary(), ["rows"] = new JsonArray() };
        if (other is null) return comparison;
        comparison["with"] = other.Summary();
        comparison["rows"] = new JsonArray(
            [.. calls.Concat(other.Calls).Select(call => (call.Service, call.Operation)).Distinct().Select(operation =>
        {
            int Count(CannedStack of, int least) =>
                of.Calls.Count(call => (call.Service, call.Operation) == operation && call.Status >= least);
            var (now, failed, before, failedBefore) = (Count(this, 0), Count(this, 400), Count(other, 0), Count(other, 400));
            return new JsonObject
            {
                ["service"] = operation.Service, ["operation"] = operation.Operation, ["calls"] = now, ["failed"] = failed,
                ["calls_before"] = before,
                ["failed_before"] = failedBefore,
                ["change"] = failed > 0 && failedBefore == 0 ? "fails_now" : before == 0 ? "new" : now == 0 ? "vanished" : "changed",
            };
        })]);
        return comparison;
    }

    /// <summary>
    /// A page of the calls, newest first. With filters, pages may be short, as in the API: each one examines only 40 calls.
    /// </summary>
    public JsonObject Events(IReadOnlyDictionary<string, string> query)
    {
        var newest = calls.OrderByDescending(call => call.Time).ToList();
        var start = query.TryGetValue("cursor", out var cursor) ? int.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        var filtered = query.Keys.Any(key => key is "service" or "operation" or "status" or "from" or "to");
        var size = filtered ? 40 : int.Parse(query["limit"], CultureInfo.InvariantCulture);
        var answer = new JsonObject
        {
            ["rows"] = new JsonArray([.. newest.Skip(start).Take(size).Where(call => Fits(call, query)).Select(Event)]),
        };
        if (start + size < newest.Count) answer["cursor"] = (start + size).ToString(CultureInfo.InvariantCulture);
        return answer;
    }

    public static bool Fits(CannedCall call, IReadOnlyDictionary<string, string> query) => query.All(parameter => parameter.Key switch
    {
        "service" => call.Service == parameter.Value,
        "operation" => call.Operation == parameter.Value,
        "status" => parameter.Value switch
        {
            "ok" => call.Status < 400,
            "failed" => call.Status >= 400,
            var code => call.Status == int.Parse(code, CultureInfo.InvariantCulture),
        },
        "from" => string.CompareOrdinal(Iso(call.Time), parameter.Value) >= 0,
        "to" => string.CompareOrdinal(Iso(call.Time), parameter.Value) < 0,
        _ => true,
    });

    private static JsonObject Event(CannedCall call)
    {
        var row = new JsonObject
        {
            ["time"] = Iso(call.Time), ["service"] = call.Service, ["operation"] = call.Operation, ["status_code"] = call.Status,
            ["is_internal"] = false, ["region"] = call.Region, ["account_id"] = "000000000000", ["user_agent"] = call.UserAgent,
        };
        if (call.ErrorType is not null) row["err_type"] = call.ErrorType;
        if (call.ErrorMessage is not null) row["err_msg"] = call.ErrorMessage;
        if (call.StackTrace is not null) row["stack_trace"] = call.StackTrace;
        return row;
    }

    private IOrderedEnumerable<IGrouping<TKey, CannedCall>> By<TKey>(Func<CannedCall, TKey> key) =>
        calls.GroupBy(key).OrderByDescending(group => group.Count());

    private static JsonArray Array<TKey>(
        IEnumerable<IGrouping<TKey, CannedCall>> groups, Action<IGrouping<TKey, CannedCall>, JsonObject> name) =>
        new([.. groups.Select(group =>
        {
            var row = new JsonObject();
            name(group, row);
            row["calls"] = group.Count();
            return row;
        })]);
}
