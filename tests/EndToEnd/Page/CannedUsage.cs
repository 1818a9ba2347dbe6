using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>
/// Answers of the usage API and the ledger: the same few numbers on every day, so that a test knows the numbers to be shown.
/// </summary>
internal static class CannedUsage
{
    /// <summary>Calls and errors of operations on each day; a test of injection replaces the names.</summary>
    public static readonly (string Service, string Operation, int Status, long Calls)[] PerDay =
    [
        ("s3", "PutObject", 200, 1200), ("s3", "GetObject", 200, 700), ("s3", "GetObject", 404, 55),
        ("sqs", "SendMessage", 200, 300), ("lambda", "Invoke", 200, 90), ("lambda", "Invoke", 500, 31),
    ];

    public static JsonObject Requests(IReadOnlyDictionary<string, string> query)
    {
        var days = Days(query);
        var by = query.GetValueOrDefault("by", "all");
        var rows = by == "day"
            ? days.Select(day => Row(PerDay, 1, ("day", day)))
            : PerDay.GroupBy(cell => Group(cell, by))
                .Select(group =>
                    Row(group, days.Count, ("service", group.Key.Item1), ("operation", group.Key.Item2), ("status_code", group.Key.Item3)));
        var order = query.GetValueOrDefault("order", "calls");
        if (by != "day") rows = rows.OrderByDescending(row => double.Parse(row[order]!.ToJsonString(), CultureInfo.InvariantCulture));
        // One row of a ranking is omitted, so that the page shows "All others".
        var shown = rows.ToList();
        if (by == "operation") shown.RemoveAt(shown.Count - 1);
        return Answer(query, by, shown, Row(PerDay, days.Count));
    }

    public static JsonObject Cli(IReadOnlyDictionary<string, string> query)
    {
        var days = Days(query).Count;
        JsonObject Invoked(string command, long times, params string[] parameters) => new()
        {
            ["command"] = command, ["parameters"] = new JsonArray([.. parameters.Select(name => JsonValue.Create(name))]),
            ["invocations"] = times * days, ["trend"] = Trend(days, times),
            ["previous"] = new JsonObject { ["invocations"] = times * days / 2 },
        };
        return Answer(query, "invocation", [Invoked("localstack start", 40, "detached"), Invoked("localstack config validate", 7, "file")],
            new JsonObject { ["invocations"] = 47 * days, ["previous"] = new JsonObject { ["invocations"] = 23 * days } });
    }

    public static JsonObject Features(IReadOnlyDictionary<string, string> query)
    {
        var days = Days(query).Count;
        return Answer(query, "labels", [new JsonObject
        {
            ["feature"] = "run_init", ["labels"] = new JsonObject { ["stage"] = "READY" }, ["uses"] = 3 * days,
            ["sums"] = new JsonObject { ["scripts"] = 6 * days, ["duration_ms"] = 812 * days }, ["histograms"] = new JsonObject(),
            ["trend"] = Trend(days, 3), ["previous"] = new JsonObject { ["uses"] = 4 * days },
        }], new JsonObject
        {
            ["uses"] = 3 * days, ["previous"] = new JsonObject { ["uses"] = 4 * days }, ["sums"] = new JsonObject(),
            ["histograms"] = new JsonObject(),
        });
    }

    public static JsonObject Sessions(IReadOnlyDictionary<string, string> query)
    {
        var days = Days(query);
        JsonObject Of(int times) => new()
        {
            ["sessions"] = 20 * times, ["active"] = 26 * times, ["machines"] = 9 * times, ["ci"] = 4 * times, ["docker"] = 18 * times,
            ["pro"] = 5 * times,
            ["versions"] = new JsonObject { ["2026.3.1"] = 15 * times, ["unknown"] = 5 * times },
            ["systems"] = new JsonObject { ["Linux"] = 20 * times },
        };
        var by = query.GetValueOrDefault("by", "day");
        if (by != "day")
        {
            JsonObject Part(string? name, int sessions)
            {
                var row = new JsonObject
                {
                    ["sessions"] = sessions * days.Count, ["previous"] = new JsonObject { ["sessions"] = sessions * days.Count / 2 },
                };
                if (name is not null) row[by] = name;
                return row;
            }

            return Answer(
                query, by, by == "version" ? [Part("2026.3.1", 15), Part("unknown", 5)] : [Part("Linux", 20)], Part(null, 20));
        }

        return Answer(query, "day", days.Select(day => { var row = Of(1); row["day"] = day; return row; }), Of(days.Count));
    }

    public static JsonObject Summary(IReadOnlyDictionary<string, string> query)
    {
        var month = query.GetValueOrDefault("month", "2026-10");
        // More operations than are shown at once, and different shares for each month.
        var share = month == "2026-10" ? 0.31 : 0.44;
        JsonArray Rows(params JsonObject[] rows) => new([.. rows]);
        return new JsonObject
        {
            ["month"] = month, ["months"] = new JsonArray("2026-10", "2026-09"), ["minimum"] = 1000,
            ["services"] = Rows(
                new JsonObject { ["service"] = "s3", ["share"] = share }, new JsonObject { ["service"] = "sqs", ["share"] = 0.0042 }),
            ["operations"] = Rows([.. Enumerable.Range(0, 25).Select(i => new JsonObject
            {
                ["service"] = "s3", ["operation"] = $"Operation{i}", ["share"] = 0.02,
            })]),
            ["versions"] = Rows(new JsonObject { ["version"] = "2026.3.1", ["share"] = 0.9 }),
            ["features"] = new JsonArray(),
        };
    }

    public static JsonObject Ledger(IReadOnlyDictionary<string, string> query, int unexplained = 0)
    {
        var days = Days(query);
        JsonObject Of(int times, int lost) => new()
        {
            ["received"] = 1093 * times + lost, ["stored"] = 1000 * times,
            ["dropped"] = new JsonObject { ["not_collected"] = 90 * times, ["invalid"] = 3 * times },
            ["stripped"] = new JsonObject { ["cli_cmd.metadata.session_id"] = 47 * times },
        };
        return Answer(query, "day", days.Select((day, i) => { var row = Of(1, i == 0 ? unexplained : 0); row["day"] = day; return row; }),
            Of(days.Count, unexplained));
    }

    public static List<string> Days(IReadOnlyDictionary<string, string> query)
    {
        var (from, to) = (Day(query["from"]), Day(query["to"]));
        return [.. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1)
            .Select(i => from.AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))];
    }

    private static (string? Service, string? Operation, int? Status) Group(
        (string Service, string Operation, int Status, long Calls) cell, string by) => by switch
    {
        "service" => (cell.Service, null, null),
        "status" => (null, null, cell.Status),
        _ => (cell.Service, cell.Operation, null),
    };

    // A rising trend that begins with zero.
    private static JsonArray Trend(int days, long perDay) =>
        new([.. Enumerable.Range(0, Math.Min(days, 30)).Select(i => JsonValue.Create(i * perDay))]);

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonObject Row(IEnumerable<(string, string, int Status, long Calls)> cells, int days,
        params (string Name, object? Value)[] names)
    {
        var row = new JsonObject();
        foreach (var (name, value) in names)
        {
            if (value is not null) row[name] = value is int number ? JsonValue.Create(number) : JsonValue.Create((string)value);
        }

        var (calls, errors) = (cells.Sum(cell => cell.Calls) * days, cells.Where(cell => cell.Status >= 400)
            .Sum(cell => cell.Calls) * days);
        JsonObject Numbers(long calls, long errors) =>
            new() { ["calls"] = calls, ["errors"] = errors, ["error_rate"] = Math.Round((double)errors / calls, 4) };
        foreach (var (name, value) in Numbers(calls, errors)) row[name] = value!.DeepClone();
        row["previous"] = Numbers(calls / 2, errors / 2);
        if (names is not [{ Name: "service" }, ..]) return row;
        row["trend"] = Trend(days, calls / days);
        // Only services have sessions, and a service with fewer calls may have more sessions.
        if (names[1].Value is null && names[0].Value is string service) row["sessions"] = 10 * service.Length;
        return row;
    }

    private static JsonObject Answer(
        IReadOnlyDictionary<string, string> query, string by, IEnumerable<JsonObject> rows, JsonObject total) => new()
    {
        ["from"] = query["from"], ["to"] = query["to"], ["by"] = by, ["rows"] = new JsonArray([.. rows]), ["total"] = total,
    };
}
