using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit.Abstractions;
using static Collector.Tests.Integration.Ownership.DeletionChecks;

namespace Collector.Tests.Integration.Ownership;

/// <summary>
/// Deletions of very large amounts, and very many deletions. Each test has its own DynamoDB Local.
/// </summary>
public sealed class LargeDeletionTests(ITestOutputHelper output)
{
    private const string Mine = "ls-my-token";
    private const string Theirs = "ls-their-token";

    [Fact]
    public async Task A_hundred_sessions_with_200_000_calls_are_deleted_while_they_still_send()
    {
        const int sessions = 100, requests = 8, callsEach = 250;
        // A DynamoDB Local for this test alone: with so much in its streams it is slow for all tests.
        await using var own = await OwnDynamoDb.Start();
        using var bench = await Bench.Create(own.DynamoDb);
        var mine = Enumerable.Range(1, sessions).Select(i => Id(1, i)).ToArray();
        long stored = 0, unsure = 0;
        async Task Send(string session, int calls, int serial)
        {
            var answer = await bench.Calls(session, calls, serial);
            if (answer.StatusCode != 200) Interlocked.Add(ref unsure, calls);
            else Interlocked.Add(ref stored, (long)JsonNode.Parse(answer.Body!)!["stored"]!);
        }

        foreach (var id in mine) await bench.Start(id, Mine);
        await bench.Start(Id(2, 1), Theirs);
        await Parallel.ForAsync(0, sessions * requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            // Half of the calls are counted before the deletion is requested; the other half is still in the stream then.
            if (i == sessions * requests / 2) await bench.Aggregate();
            await Send(mine[i % sessions], callsEach, i);
        });
        Assert.InRange(stored + unsure, sessions * requests * callsEach, long.MaxValue);
        Assert.Equal(50, await Stored(bench, Id(2, 1), 50, 0));
        stored += 50;
        Assert.Contains(await bench.Scan("counters"), i => i["metric"].S.StartsWith("stack#", StringComparison.Ordinal));

        // From here on, four clients continue to send batches of the sessions to be deleted, and the stream is delivered, partly twice.
        using var stop = new CancellationTokenSource();
        var rounds = new int[5];
        var senders = Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++, Interlocked.Increment(ref rounds[n]))
                await Send(mine[((i * 4) + n) % sessions], 10, 10_000 + (n * 10_000) + i);
        })).ToList();
        senders.Add(Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref rounds[4]))
                await bench.Aggregate(batch => [batch.Take((batch.Count + 1) / 2).ToList()], batches: 1);
        }));
        await RoundsPass(rounds, senders);

        var response = await bench.Send("DELETE", "/stacks", Mine);
        var asked = await bench.Json(Task.FromResult(response), 202);
        Assert.Equal("running", (string)asked["status"]!);
        Assert.Equal($"stacks/erasures/{asked["id"]}", response.Headers!["Location"]);
        Assert.Contains("billing", (string)asked["kept"]!["activations"]!, StringComparison.Ordinal);
        // A session that starts after the request is not part of the deletion.
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await bench.Start(Id(3, 1), Mine);
        Assert.Equal(30, await Stored(bench, Id(3, 1), 30, 0));
        stored += 30;

        // The second round begins when no process still uses a status that it read before: here, when each client has started a new round.
        // Until then the worker has nothing to do and does not wait.
        await bench.Erase();
        await RoundsPass(rounds, senders);
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        var done = await bench.Json(bench.Send("GET", "/stacks/erasures/{id}", Mine, parameter: (string)asked["id"]!));
        Assert.Equal("done", (string)done["status"]!);
        Assert.Equal((string)asked["requested_at"]!, (string)done["requested_at"]!);

        // Everything is deleted and stays deleted: more batches follow, then the rest of the stream, then the whole stream again.
        await NothingLeft(bench, Mine, mine, except: Id(3, 1));
        await RoundsPass(rounds, senders);
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await bench.Aggregate();
        await bench.Aggregate(pump: "from the start");
        await NothingLeft(bench, Mine, mine, except: Id(3, 1));

        // The data of the other owner, the later session and the counters over all users are complete.
        Assert.Equal(50, await bench.Sum("stack#" + Id(2, 1), name => name == "calls"));
        Assert.Equal(30, await bench.Sum("stack#" + Id(3, 1), name => name == "calls"));
        // A batch that a busy store refused may or may not be counted: its sender does not know.
        Assert.InRange(await bench.Sum("requests#2026-11-22", name => name.Contains('#', StringComparison.Ordinal)), stored, stored
            + unsure);
        Assert.True(unsure <= stored / 100, $"the store refused {unsure} calls");
        Assert.Equal(sessions + 2, await bench.Sum("sessions#2026-11-22", name => name == "docker"));
    }

    [Fact]
    public async Task A_thousand_running_deletions_do_not_delay_another()
    {
        // A DynamoDB Local for this test alone: with so many sessions it is slow for all tests.
        await using var own = await OwnDynamoDb.Start();
        using var bench = await Bench.Create(own.DynamoDb);
        await Parallel.ForAsync(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            await bench.Start(Id(1, i), $"ls-made-up-{i}");
            await bench.Json(bench.Send("DELETE", "/stacks", $"ls-made-up-{i}"), 202);
        });
        await bench.Start(Id(2, 1), Mine);
        var mine = await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
        // The owners ask again, three times within the settle time.
        for (var asked = 0; asked < 3; asked++)
        {
            bench.Time.Advance(Bench.Settle / 3);
            await Parallel.ForAsync(0, 160, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
                await bench.Send("DELETE", "/stacks", $"ls-made-up-{i}"));
        }

        var began = Stopwatch.GetTimestamp();
        await bench.Erase();
        output.WriteLine($"1,001 deletions finished after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.Equal("done",
            (string)(await bench.Json(bench.Send("GET", "/stacks/erasures/{id}", Mine, parameter: (string)mine["id"]!)))["status"]!);
        Assert.DoesNotContain(await bench.Scan("sessions"), item => item.TryGetValue("erasure", out var state) && state.S != "done");
    }

    private static async Task RoundsPass(int[] rounds, List<Task> senders)
    {
        // Two rounds: the current one may have begun before this call, the next one has not.
        var before = rounds.ToArray();
        int[] Passed() => [.. rounds.Select((_, i) => Volatile.Read(ref rounds[i]) - before[i])];
        bool Broke() => senders.Exists(sender => sender.IsFaulted);
        Assert.True(await Eventually.True(() => Broke() || Passed().All(n => n >= 2), seconds: 120), "rounds that passed: "
            + string.Join(", ", Passed()));
        if (Broke()) await Task.WhenAll(senders.Where(sender => sender.IsFaulted));
    }
}
