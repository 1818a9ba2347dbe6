using System.Globalization;
using System.Net;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>The store stops and starts again, and functions are killed, while the collector runs.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private RunningCollector collector = null!;

    public async Task InitializeAsync() => collector = await RunningCollector.Run(new RunningCollectorOptions());

    public Task DisposeAsync() => collector.DisposeAsync();

    [SkippableFact]
    public async Task During_an_outage_of_the_store_batches_get_503_and_sessions_200_and_afterwards_all_works_again()
    {
        Assert.Equal(HttpStatusCode.OK, (await collector.Post("events", Counts(1))).StatusCode);
        await Eventually.Get(collector.Calls, calls => calls == 1);
        Assert.Equal(HttpStatusCode.OK, await Health());
        await collector.DynamoDb.Stop();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Health());
        using var batch = await collector.Post("events", Counts(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, batch.StatusCode);
        Assert.NotNull(batch.Headers.RetryAfter);
        Assert.Equal("application/problem+json", batch.Content.Headers.ContentType!.MediaType);
        using var session = await collector.Post("session", Client.Corpus("session.json"));
        Assert.Equal("""{"track_events":true}""", await session.Content.ReadAsStringAsync());

        await collector.DynamoDb.Start();
        Assert.Equal(HttpStatusCode.OK, await Health());
        using var later = await collector.Post("events", Counts(3));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        // The store is in memory, so earlier events are lost with it; later events are counted.
        Assert.Equal(1, await Eventually.Get(collector.Calls, calls => calls == 1));

        async Task<HttpStatusCode> Health()
        {
            using var answer = await collector.Client.GetAsync(new Uri(collector.BaseAddress, "health"));
            return answer.StatusCode;
        }
    }

    [SkippableFact]
    public async Task A_killed_function_loses_no_acknowledged_batch()
    {
        var statuses = new List<HttpStatusCode>();
        var acknowledged = 0;
        for (var round = 0; round < 10; round++)
        {
            var requests = Enumerable.Range(0, 12).Select(i => collector.Post("events", Counts((round * 100) + i))).ToList();
            // Requests in progress end with the process; the other requests of the round get a new process.
            foreach (var process in collector.FunctionProcesses("EventsFunction").Take(1)) RunningCollector.Kill(process);
            foreach (var response in await Task.WhenAll(requests))
            {
                statuses.Add(response.StatusCode);
                if (response.IsSuccessStatusCode) acknowledged++;
                response.Dispose();
            }
        }

        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.BadGateway }, statuses.ToHashSet());
        Assert.Contains(HttpStatusCode.BadGateway, statuses);
        using var next = await collector.Post("events", Counts(9_999));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        // Each batch is one call. An interrupted batch may have been stored, at most once.
        var counted = await Eventually.Get(collector.Calls, calls => calls >= acknowledged + 1);
        Assert.InRange(counted, acknowledged + 1, statuses.Count + 1);
    }

    private static string Counts(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
            {"events":[{"name":"aws_request_agg","metadata":{"client_time":"{{{number}}}"},"payload":{"api_calls":[{"service":"s3",
            "operation":"PutObject","status_code":200,"count":1}]}}]}
            """);
}
