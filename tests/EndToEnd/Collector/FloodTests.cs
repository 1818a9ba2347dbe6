using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>
/// One sender at full speed beside fifty honest clients: their counts stay exact, and none of their sessions is refused.
/// </summary>
public sealed class FloodTests(RunningCollector collector, ITestOutputHelper output) : IClassFixture<RunningCollector>
{
    private const int Clients = 50, Batches = 3, CallsOfBatch = 20, CountOfEntry = 7;

    [SkippableFact]
    public async Task Fifty_clients_are_counted_exactly_beside_a_flood_of_commands_and_counts()
    {
        RunningCollector.MustBeOfThisMachine();
        using var stop = new CancellationTokenSource();
        var flood = new[] { Flood("cli", Commands(), stop.Token), Flood("requests", Counts(), stop.Token) };
        var refused = new List<string>();
        await Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (client, _) =>
        {
            await Send("session", new JsonObject { ["name"] = "session", ["payload"] = new JsonObject
            {
                ["session_id"] = Session(client), ["machine_id"] = "gen_0123456789ab", ["api_key"] = "ls-AbCdEfGh-0123",
                ["edition"] = "pro",
            } });
            for (var batch = 0; batch < Batches; batch++) await Send("events", Calls(client, batch));
            await Send("cli", new JsonObject { ["name"] = "cli_cmd", ["payload"] = new JsonObject { ["cmd"] = "localstack status" },
                ["metadata"] = new JsonObject { ["session_id"] = Session(client), ["client_time"] = "2026-11-22 07:32:46.1" } });
            await Send("requests",
                new JsonObject { ["name"] = "aws_request_agg", ["payload"] = new JsonObject { ["api_calls"] = new JsonArray(
                new JsonObject { ["service"] = "kinesis", ["operation"] = "PutRecord", ["status_code"] = 200, ["count"] = CountOfEntry }) },
                ["metadata"] = new JsonObject { ["session_id"] = Session(Clients + client) } });
        });

        var sent = TimeProvider.System.GetTimestamp();
        const int calls = Clients * Batches * CallsOfBatch;
        Assert.Equal(
            (calls, Clients * CountOfEntry, Clients),
            await Eventually.Get(Honest, counted => counted == (calls, Clients * CountOfEntry, Clients), seconds: 120));
        output.WriteLine(
            FormattableString.Invariant($"counted {TimeProvider.System.GetElapsedTime(sent).TotalSeconds:0.0} s after the last request"));
        await stop.CancelAsync();
        var requests = await Task.WhenAll(flood);
        output.WriteLine(FormattableString.Invariant($"beside {requests[0]} requests with commands and {requests[1]} with counts"));
        Assert.All(requests, count => Assert.NotEqual(0, count));
        Assert.Empty(refused);

        async Task Send(string route, JsonObject body)
        {
            using var answer = await collector.Post(route, body.ToJsonString());
            if (answer.StatusCode == HttpStatusCode.OK) return;
            lock (refused) refused.Add(FormattableString.Invariant($"{route} {(int)answer.StatusCode}"));
        }
    }

    // Repeats the same kind of request as fast as it is answered, and returns the number of requests.
    private async Task<int> Flood(string route, IEnumerable<string> bodies, CancellationToken stop)
    {
        var requests = 0;
        foreach (var body in bodies)
        {
            if (stop.IsCancellationRequested) break;
            using var answer = await collector.Post(route, Encoding.UTF8.GetBytes(body));
            requests++;
        }

        return requests;
    }

    private async Task<(long Calls, long Counts, long Commands)> Honest()
    {
        var requests = (await collector.Usage("requests"))["rows"]!.AsArray();
        var commands = (await collector.Usage("cli"))["rows"]!.AsArray();
        return (Of(requests, "service", "sqs", "calls"), Of(requests, "service", "kinesis", "calls"),
            Of(commands, "command", "localstack status", "invocations"));

        static long Of(JsonArray rows, string column, string value, string number) =>
            rows.Where(row => (string?)row![column] == value).Sum(row => (long)row![number]!);
    }

    // 2,000 commands that were never sent before.
    private static IEnumerable<string> Commands() => Enumerable.Range(0, int.MaxValue).Select(request => new JsonObject
    {
        ["events"] = new JsonArray([.. Enumerable.Range(0, 2_000).Select(i => new JsonObject
        {
            ["name"] = "cli_cmd",
            ["payload"] = new JsonObject { ["cmd"] = FormattableString.Invariant($"w{request}x{i} y{i}"), ["params"] =
                new JsonArray("--z" + i) },
        })]),
    }.ToJsonString());

    // 1,000 operations of S3, most of them invented, with as many calls as one request may report.
    private static IEnumerable<string> Counts() => Enumerable.Range(0, int.MaxValue).Select(request => new JsonObject
    {
        ["name"] = "aws_request_agg",
        ["metadata"] = new JsonObject { ["session_id"] = Session(1_000 + request) },
        ["payload"] = new JsonObject
        {
            ["api_calls"] = new JsonArray([.. Enumerable.Range(0, 1_000).Select(i => new JsonObject
            {
                ["service"] = "s3", ["operation"] = i % 2 == 0 ? "PutObject" : "Op" + i, ["status_code"] = 200 + (i % 300), ["count"] = 200,
            })]),
        },
    }.ToJsonString());

    private static JsonObject Calls(int client, int batch) => new()
    {
        ["events"] = new JsonArray([.. Enumerable.Range(0, CallsOfBatch).Select(i => new JsonObject
        {
            ["name"] = "aws_request",
            ["metadata"] = new JsonObject { ["session_id"] = Session(client), ["client_time"] =
                FormattableString.Invariant($"2026-11-22 07:32:{batch:00}.{i:000000}") },
            ["payload"] = new JsonObject { ["service"] = "sqs", ["operation"] = "SendMessage", ["status_code"] = 200 },
        })]),
    };

    private static string Session(int number) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{number:d12}");
}
