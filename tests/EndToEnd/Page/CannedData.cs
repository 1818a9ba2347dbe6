using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>The stacks of the canned API.</summary>
internal static class CannedData
{
    /// <summary>Markup that sets <c>window.ran</c> if any of it runs, in each way in which text can become script.</summary>
    public const string Markup =
        "<img src=x onerror=\"window.ran=1\"><script>window.ran=2</script><svg onload=window.ran=3>javascript:window.ran=4 ${window.ran=5} {{window.ran=6}} '\"--></style>";

    private static readonly DateTimeOffset Started = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A stack with markup in every text that a client or an AWS error can put into the tables.</summary>
    public static CannedStack Hostile { get; } = new(
        "\"><script>window.ran=7</script>",
        Started,
        [new CannedCall(Started, Markup, Markup, 500, Markup, Markup, Markup, Markup, Markup)],
        Markup);

    /// <summary>
    /// 62 stacks, newest first: the first with 180 calls in an hour, the last without calls, and the others with one call each.
    /// </summary>
    public static IReadOnlyList<CannedStack> Stacks()
    {
        var calls = Enumerable.Range(0, 180).Select(i => new CannedCall(
            Started.AddSeconds(i * 20),
            i % 3 == 0 ? "sqs" : i % 7 == 0 ? "lambda" : "s3",
            i % 3 == 0 ? "DeleteQueue" : i % 7 == 0 ? "Invoke" : i % 2 == 0 ? "PutObject" : "GetObject",
            i % 9 == 0 ? 400 : i % 7 == 0 && i % 3 != 0 ? 500 : 200,
            i % 9 == 0 ? "AWS.SimpleQueueService.NonExistentQueue" : i % 7 == 0 && i % 3 != 0 ? "ServiceException" : null,
            i % 9 == 0 ? "The specified queue does not exist for this wsdl version." : null,
            i % 7 == 0 && i % 3 != 0 ? "Traceback (most recent call last):\n  File \"chain.py\", line 57, in handle" : null,
            i % 4 == 0 ? "Boto3/1.34.69" : "aws-cli/2.15.30",
            i % 5 == 0 ? "eu-central-1" : "us-east-1")).ToList();
        return
        [
            new CannedStack(Session(0), Started, calls),
            .. Enumerable.Range(1, 60).Select(
                i => new CannedStack(Session(i), Started.AddHours(-i), [new CannedCall(Started.AddHours(-i), "s3", "ListBuckets", 200)])),
            new CannedStack(Session(61), Started.AddHours(-61), []),
        ];
    }

    /// <summary>The sum of all stacks of a token.</summary>
    public static JsonObject Overview(IReadOnlyList<CannedStack> stacks)
    {
        var calls = stacks.SelectMany(stack => stack.Calls.Select(call => (Stack: stack, Call: call))).ToList();
        JsonArray Rows(Func<CannedCall, (string, string?)> key) => new([.. calls.GroupBy(of => key(of.Call)).Select(group =>
        {
            var row = new JsonObject
            {
                ["service"] = group.Key.Item1, ["calls"] = group.Count(), ["failed"] = group.Count(of => of.Call.Status >= 400),
                ["failing_stacks"] = group.Where(of => of.Call.Status >= 400).Select(of => of.Stack.Session).Distinct().Count(),
            };
            if (group.Key.Item2 is not null) row["operation"] = group.Key.Item2;
            return row;
        }).OrderByDescending(row => (int)row["failed"]!)]);
        return new JsonObject
        {
            ["from"] = "2026-10-27T00:00:00.000Z", ["stacks"] = stacks.Count, ["calls"] = calls.Count,
            ["failed"] = calls.Count(of => of.Call.Status >= 400),
            ["services"] = Rows(call => (call.Service, null)), ["operations"] = Rows(call => (call.Service, call.Operation)),
            ["complete"] = true,
        };
    }

    public static JsonObject List(IReadOnlyList<CannedStack> stacks, IReadOnlyDictionary<string, string> query)
    {
        var start = query.TryGetValue("cursor", out var cursor) ? int.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        var limit = int.Parse(query["limit"], CultureInfo.InvariantCulture);
        if (query.GetValueOrDefault("failed") == "true") stacks = [.. stacks.Where(stack => stack.Failed > 0)];
        if (query.TryGetValue("service", out var service)) stacks =
            [.. stacks.Where(stack => stack.Calls.Any(call => call.Service == service))];
        var answer = new JsonObject { ["rows"] = new JsonArray([.. stacks.Skip(start).Take(limit).Select(stack => stack.Summary())]) };
        if (start + limit < stacks.Count) answer["cursor"] = (start + limit).ToString(CultureInfo.InvariantCulture);
        return answer;
    }

    private static string Session(int i) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{i:d12}");
}
