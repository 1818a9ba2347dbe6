using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Stacks;

namespace Collector.Tests.Integration.Reading;

/// <summary>Why did this run fail: its errors, its differences from an earlier run, and the errors of many runs.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class FailingRunTests(DynamoDbLocal dynamoDb)
{
    private const string Token = "ls-AbCdEfGh-0123";
    private const string Missing = "The specified queue does not exist for this wsdl version.";

    [Fact]
    public async Task Errors_are_grouped_by_their_content_and_add_up_to_the_failed_calls()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session(1), Token);
        await bench.SendEvents(
            Call(1, "sqs", "DeleteQueue", 400, Missing), Call(1, "sqs", "DeleteQueue", 400, Missing, "Boto3/1.34.69"),
            Call(1, "s3", "PutObject", 200));
        bench.Clock.Advance(TimeSpan.FromMinutes(5));
        await bench.SendEvents(
            Call(1, "sqs", "DeleteQueue", 400, Missing), Call(1, "sqs", "DeleteQueue", 400, "Access denied"),
            Call(1, "apigateway", "CreateRestApi", 501));
        await bench.Count();

        var breakdown = await bench.Json($"/stacks/{Session(1)}/breakdown", Token);
        var detail = await bench.Json($"/stacks/{Session(1)}", Token);

        Assert.True((bool)breakdown["complete"]!);
        Assert.Equal(6, (int)breakdown["looked_at"]!);
        var errors = breakdown["errors"]!.AsArray();
        Assert.Equal((int)detail["failed"]!, errors.Sum(e => (int)e!["calls"]!));
        Assert.Equal([3, 1, 1], errors.Select(e => (int)e!["calls"]!));
        var most = errors[0]!;
        Assert.Equal(("sqs", "DeleteQueue", 400, "InvalidRequest", Missing),
            ((string)most["service"]!, (string)most["operation"]!, (int)most["status_code"]!, (string)most["err_type"]!,
            (string)most["err_msg"]!));
        Assert.Equal(("2026-11-22T07:32:46.000Z", "2026-11-22T07:37:46.000Z"), ((string)most["first_at"]!, (string)most["last_at"]!));
        Assert.Equal(2, most["user_agents"]!.AsArray().Count);
        Assert.DoesNotContain(errors, e => e!["rest"] is not null);

        var clients = breakdown["clients"]!.AsArray();
        Assert.Equal(6, clients.Sum(c => (int)c!["calls"]!));
        Assert.Equal(5, clients.Sum(c => (int)c!["failed"]!));
        Assert.Contains(clients, c => (string)c!["user_agent"]! == "Boto3/1.34.69" && (string)c["operation"]! == "DeleteQueue"
            && (int)c["failed"]! == 1);
    }

    [Fact]
    public async Task A_limited_part_of_a_very_large_session_is_read_and_the_rest_is_counted()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session(1), Token);
        await LargeSession.Fill(bench, Session(1), calls: 100_000, logItems: 400);
        bench.DynamoDb.Forget();

        var breakdown = await bench.Json($"/stacks/{Session(1)}/breakdown", Token);

        // The session, its counters, and at most four queries of the log.
        Assert.InRange(bench.DynamoDb.Reads.Count, 3, 10);
        Assert.False((bool)breakdown["complete"]!);
        Assert.InRange((int)breakdown["looked_at"]!, StackBreakdown.MaxCalls, StackBreakdown.MaxCalls + 60);
        var errors = breakdown["errors"]!.AsArray().ToLookup(Operation);
        var counted = (await bench.Json($"/stacks/{Session(1)}", Token))["operations"]!.AsArray().Where(o => (int)o!["status_code"]! >= 400)
            .ToList();
        Assert.Equal(LargeSession.Operations, counted.Count);
        var inTheLog = 0;
        foreach (var operation in counted)
        {
            // This session's log has only some of the operations, with more calls than were counted.
            var rows = errors[Operation(operation)];
            if (rows.Any(row => row!["rest"] is null)) inTheLog++;
            else Assert.Equal((int)operation!["calls"]!, (int)Assert.Single(rows)!["calls"]!);
        }

        Assert.Equal(30, inTheLog);

        static string Operation(JsonNode? row) => $"{row!["service"]} {row["operation"]} {row["status_code"]}";
    }

    [Fact]
    public async Task A_run_is_compared_with_the_previous_one_of_the_same_kind()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await Run(bench, 1, ci: true, Call(1, "s3", "PutObject", 200), Call(1, "sns", "Publish", 200), Call(1, "sqs", "DeleteQueue", 400),
            Call(1, "lambda", "Invoke", 200));
        // Neither a run on a laptop nor a CI run without calls is used for the comparison.
        await Run(bench, 2, ci: false, Call(2, "kinesis", "PutRecords", 500));
        await Run(bench, 3, ci: true);
        await Run(
            bench, 4, ci: true, Call(4, "s3", "PutObject", 500), Call(4, "s3", "PutObject", 200), Call(4, "sqs", "DeleteQueue", 200),
            Call(4, "lambda", "Invoke", 200), Call(4, "ec2", "RunInstances", 200));
        await bench.Count();

        var comparison = await bench.Json($"/stacks/{Session(4)}/comparison", Token);

        Assert.Equal((Session(4), Session(1)), ((string)comparison["session"]!["session"]!, (string)comparison["with"]!["session"]!));
        Assert.Equal(
            ["fails_now s3 PutObject 2 1 1 0", "new ec2 RunInstances 1 0 0 0", "vanished sns Publish 0 0 1 0",
                "recovered sqs DeleteQueue 1 0 1 1", "same lambda Invoke 1 0 1 0"],
            comparison["rows"]!.AsArray()
                .Select(r =>
                $"{r!["change"]} {r["service"]} {r["operation"]} {r["calls"]} {r["failed"]} {r["calls_before"]} {r["failed_before"]}"));
        foreach (var (side, calls, failed) in new[] { ("session", "calls", "failed"), ("with", "calls_before", "failed_before") })
        {
            Assert.Equal((int)comparison[side]!["calls"]!, comparison["rows"]!.AsArray().Sum(r => (int)r![calls]!));
            Assert.Equal((int)comparison[side]!["failed"]!, comparison["rows"]!.AsArray().Sum(r => (int)r![failed]!));
        }

        var other = await bench.Json($"/stacks/{Session(4)}/comparison?with={Session(2)}", Token);
        Assert.Equal(Session(2), (string)other["with"]!["session"]!);
        var first = await bench.Json($"/stacks/{Session(1)}/comparison", Token);
        Assert.Null(first["with"]);
        Assert.Empty(first["rows"]!.AsArray());
    }

    [Fact]
    public async Task An_overview_adds_up_the_sessions_of_the_last_days()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await Run(bench, 1, ci: true, Call(1, "s3", "PutObject", 500));
        bench.Clock.Advance(TimeSpan.FromDays(10));
        await Run(bench, 2, ci: true, Call(2, "s3", "PutObject", 500), Call(2, "s3", "GetObject", 200), Call(2, "sqs", "DeleteQueue", 400));
        await Run(bench, 3, ci: false, Call(3, "sqs", "DeleteQueue", 400), Call(3, "sqs", "SendMessage", 200));
        await bench.Count();

        var overview = await bench.Json("/stacks/overview?days=10", Token);

        Assert.Equal((2, 5, 3, true), (
            (int)overview["stacks"]!, (int)overview["calls"]!, (int)overview["failed"]!, (bool)overview["complete"]!));
        Assert.Equal(["sqs 3 2 2", "s3 2 1 1"], overview["services"]!.AsArray()
            .Select(r => $"{r!["service"]} {r["calls"]} {r["failed"]} {r["failing_stacks"]}"));
        Assert.Equal(["DeleteQueue 2 2 2", "PutObject 1 1 1"], overview["operations"]!.AsArray().Take(2)
            .Select(r => $"{r!["operation"]} {r["calls"]} {r["failed"]} {r["failing_stacks"]}"));
        Assert.Equal(3, (int)(await bench.Json("/stacks/overview?days=30", Token))["stacks"]!);
        Assert.Equal(400, (await bench.Get("/stacks/overview?days=91", Token)).StatusCode);
    }

    [Fact]
    public async Task A_filtered_list_has_pages_that_miss_nothing()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        for (var i = 1; i <= 12; i++)
            await Run(bench, i, ci: i % 3 == 0, version: i % 2 == 0 ? "2026.3.1" : "4.9.2",
                calls: [Call(i, i % 4 == 0 ? "sqs" : "s3", "ListBuckets", i % 5 == 0 ? 500 : 200)]);
        await bench.Count();

        Assert.Equal([12, 9, 6, 3], await Pages("ci=true"));
        Assert.Equal([11, 10, 8, 7, 5, 4, 2, 1], await Pages("ci=false"));
        Assert.Equal([12, 8, 4], await Pages("service=sqs"));
        Assert.Equal([10, 5], await Pages("failed=true"));
        Assert.Equal([12, 6], await Pages("ci=true&version=2026.3.1"));
        Assert.Equal([7], await Pages($"session={Session(7)}"));
        Assert.Equal([10, 9, 8, 7], await Pages("from=2026-11-24&to=2026-11-24"));
        Assert.Equal(12, (await Pages("ci=")).Count);
        foreach (var wrong in new[] { "ci=maybe", "failed=1", "from=today", "to=2026-13-01" }) Assert.Equal(
            400, (await bench.Get("/stacks?" + wrong, Token)).StatusCode);

        // Two rows per page, to the end.
        async Task<List<int>> Pages(string filter)
        {
            var shown = new List<int>();
            string? cursor = null;
            do
            {
                var page = await bench.Json($"/stacks?limit=2&{filter}{(cursor is null ? "" : "&cursor=" + cursor)}", Token);
                shown.AddRange(page["rows"]!.AsArray().Select(
                    r => int.Parse(((string)r!["session"]!)[^3..], CultureInfo.InvariantCulture)));
                cursor = (string?)page["cursor"];
            }
            while (cursor is not null);
            return shown;
        }
    }

    [Fact]
    public async Task Sessions_of_another_token_are_neither_shown_nor_compared()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await Run(bench, 1, ci: true, Call(1, "s3", "PutObject", 500));
        await bench.StartSession(Session(2), "ls-another");
        await bench.SendEvents(Call(2, "s3", "PutObject", 200));
        await bench.Count();
        foreach (var part in new[] { "breakdown", "comparison" })
        {
            Assert.Equal(404, (await bench.Get($"/stacks/{Session(1)}/{part}", "ls-another")).StatusCode);
            Assert.Equal(401, (await bench.Get($"/stacks/{Session(1)}/{part}", null)).StatusCode);
        }

        Assert.Equal(404, (await bench.Get($"/stacks/{Session(2)}/comparison?with={Session(1)}", "ls-another")).StatusCode);
        Assert.Null((await bench.Json($"/stacks/{Session(2)}/comparison", "ls-another"))["with"]);
        Assert.Equal(1, (int)(await bench.Json("/stacks/overview", "ls-another"))["stacks"]!);
        Assert.Equal(0, (int)(await bench.Json("/stacks/overview", "ls-nobody"))["stacks"]!);
    }

    private static async Task Run(InsightsBench bench, int number, bool ci, params string[] calls) =>
        await Run(bench, number, ci, "2026.3.1", calls);

    private static async Task Run(InsightsBench bench, int number, bool ci, string version, string[] calls)
    {
        bench.Clock.Advance(TimeSpan.FromHours(6));
        await bench.StartSession(Session(number), Token, version, ci);
        if (calls.Length > 0) await bench.SendEvents(calls);
    }

    private static string Call(int session, string service, string operation, int status, string? message = null,
        string agent = "aws-cli/2.15.30") =>
        InsightsBench.Call(Session(session), "2026-11-22 08:32:55.1", service, operation, status, message, agent);

    private static string Session(int number) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{number:d12}");
}
