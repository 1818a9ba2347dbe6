using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Xunit.Abstractions;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>One sender that sends as fast as it can, beside fifty honest clients.</summary>
public sealed class FloodTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 50;
    private const int BatchesEach = 4;
    private const int Connections = 8;

    private RunningCollector collector = null!;

    public async Task InitializeAsync() =>
        collector = await RunningCollector.Run(new RunningCollectorOptions { Arguments = ["--parameter", "AggregationWindowSeconds=0"] });

    public Task DisposeAsync() => collector.DisposeAsync();

    [SkippableFact]
    public async Task A_flood_of_anonymous_events_costs_no_honest_client_anything()
    {
        using var stop = new CancellationTokenSource();
        var sent = new long[2];
        var flood = Enumerable.Range(0, Connections).Select(i => Flood(i, sent, stop.Token)).ToArray();
        Assert.True(await Eventually.True(() => Interlocked.Read(ref sent[0]) > 0 && Interlocked.Read(ref sent[1]) > 0));

        var began = Stopwatch.GetTimestamp();
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(Honest));
        output.WriteLine($"{Clients} clients are served after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        // Any answer but this silences a client for its lifetime.
        Assert.All(clients.SelectMany(client => client.Registered), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(clients.SelectMany(client => client.Sent), status => Assert.Equal(HttpStatusCode.OK, status));

        // Counted while the flood goes on, each to the last call.
        var counted = await Eventually.Get(HonestCalls, calls => calls == Expected(), seconds: 240);
        output.WriteLine($"their events are counted after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, "
            + $"beside {Interlocked.Read(ref sent[0])} requests to /cli and {Interlocked.Read(ref sent[1])} to /requests");
        await stop.CancelAsync();
        await Task.WhenAll(flood);
        Assert.Equal(Expected(), counted);
        foreach (var operation in Enumerable.Range(0, Clients).Select(Operation).Distinct())
            Assert.Equal(Expected(operation), await Calls(operation));
    }

    // As large as an ordinary client's, of ever other contents: a repeated request would be none.
    private async Task Flood(int sender, long[] sent, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var cli = (i + sender) % 2 == 0;
            var time = string.Create(CultureInfo.InvariantCulture, $"2026-11-22 07:{sender:00}:{i / 1_000 % 60:00}.{i % 1_000:000}000");
            var one = cli
                ? $$$"""{"name":"cli_cmd","metadata":{"client_time":"{{{time}}}"},"payload":{"cmd":"localstack start","params":[]}}"""
                : $$$"""{"name":"aws_request_agg","metadata":{"client_time":"{{{time}}}"},"payload":{"api_calls":[{"service":"s3","operation":"PutObject","status_code":200,"count":100000}]}}""";
            try
            {
                using var response = await Post(cli ? "cli" : "requests", $$"""{"events":[{{string.Join(',', Enumerable.Repeat(one, 20))}}]}""");
                // Refusing it is all right.
                if (response.StatusCode is HttpStatusCode.OK) Interlocked.Increment(ref sent[cli ? 0 : 1]);
            }
            catch (HttpRequestException)
            {
                // So is closing its connection.
            }
        }
    }

    private async Task<(List<HttpStatusCode> Registered, List<HttpStatusCode> Sent)> Honest(int number)
    {
        var (registered, sent) = (new List<HttpStatusCode>(), new List<HttpStatusCode>());
        var session = string.Create(CultureInfo.InvariantCulture, $"{number:x8}-0000-4000-8000-000000000000");
        using (var start = await Post("session", $$$"""{"name":"session","payload":{"session_id":"{{{session}}}","system":"Linux","version":"2026.3.1","edition":"community"}}"""))
            registered.Add(start.StatusCode);
        for (var batch = 0; batch < BatchesEach; batch++)
        {
            var calls = $$"""{"service":"sqs","operation":"{{Operation(number)}}","status_code":200,"count":{{Count(number, batch)}}}""";
            using var response = await Post("events", $$$"""{"events":[{"name":"aws_request_agg","metadata":{"session_id":"{{{session}}}","client_time":"2026-11-22 07:32:{{{batch:00}}}"},"payload":{"api_calls":[{{{calls}}}]}}]}""");
            sent.Add(response.StatusCode);
        }

        return (registered, sent);
    }

    private static string Operation(int number) => (number % 3) switch { 0 => "SendMessage", 1 => "ReceiveMessage", _ => "DeleteMessage" };

    private static long Count(int number, int batch) => 1 + (number * 7) + batch;

    private static long Expected(string? operation = null) => Enumerable.Range(0, Clients).Where(number => operation is null || Operation(number) == operation)
        .Sum(number => Enumerable.Range(0, BatchesEach).Sum(batch => Count(number, batch)));

    private async Task<long> HonestCalls() => (long)(await collector.Usage("requests?service=sqs"))["total"]!["calls"]!;

    private async Task<long> Calls(string operation) =>
        (await collector.Usage("requests?service=sqs&by=operation"))["rows"]!.AsArray().Where(row => (string)row!["operation"]! == operation).Sum(row => (long)row!["calls"]!);

    private async Task<HttpResponseMessage> Post(string route, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await collector.Client.PostAsync(new Uri(route, UriKind.Relative), content);
    }
}
