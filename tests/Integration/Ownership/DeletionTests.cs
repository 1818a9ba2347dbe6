using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Observability;
using Xunit.Abstractions;

namespace Collector.Tests.Integration.Ownership;

/// <summary>Being forgotten: what of a credential or a session is left in the tables afterwards, whatever happened meanwhile.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class DeletionTests(QuickDynamoDb quick, ITestOutputHelper output)
{
    private const string Mine = "ls-my-token";
    private const string Theirs = "ls-their-token";

    [Fact]
    public async Task A_hundred_sessions_with_200_000_calls_are_forgotten_while_they_still_send()
    {
        const int sessions = 100, requests = 8, callsEach = 250;
        // One of its own: with so much in its streams, DynamoDB Local is slow for everybody.
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
            // Half of it is counted before anybody asks, the other half is still in the stream then.
            if (i == sessions * requests / 2) await bench.Aggregate();
            await Send(mine[i % sessions], callsEach, i);
        });
        Assert.InRange(stored + unsure, sessions * requests * callsEach, long.MaxValue);
        Assert.Equal(50, await Stored(bench, Id(2, 1), 50, 0));
        stored += 50;
        Assert.Contains(await bench.Scan("counters"), i => i["metric"].S.StartsWith("stack#", StringComparison.Ordinal));

        // From here on, four clients go on sending batches of sessions that are to go, and the stream is delivered, at times twice.
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
        // A session that starts after the request is not part of it.
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await bench.Start(Id(3, 1), Mine);
        Assert.Equal(30, await Stored(bench, Id(3, 1), 30, 0));
        stored += 30;

        // The second round comes when nobody can still be acting on what was read before: here, when each of those has begun anew. Until
        // then the worker has nothing to do, and does not wait either.
        await bench.Erase();
        await RoundsPass(rounds, senders);
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        var done = await bench.Json(bench.Send("GET", "/stacks/erasures/{id}", Mine, parameter: (string)asked["id"]!));
        Assert.Equal("done", (string)done["status"]!);
        Assert.Equal((string)asked["requested_at"]!, (string)done["requested_at"]!);

        // Now it holds, and goes on to hold: more batches, the rest of the stream, all of the stream once more.
        await NothingLeft(bench, Mine, mine, except: Id(3, 1));
        await RoundsPass(rounds, senders);
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await bench.Aggregate();
        await bench.Aggregate(pump: "from the start");
        await NothingLeft(bench, Mine, mine, except: Id(3, 1));

        // What is another's, what came later, and what is everybody's is whole.
        Assert.Equal(50, await bench.Sum("stack#" + Id(2, 1), name => name == "calls"));
        Assert.Equal(30, await bench.Sum("stack#" + Id(3, 1), name => name == "calls"));
        // A batch that a busy store refused may be in it, or not: its sender does not know.
        Assert.InRange(await bench.Sum("requests#2026-11-22", name => name.Contains('#', StringComparison.Ordinal)), stored, stored
            + unsure);
        Assert.True(unsure <= stored / 100, $"the store refused {unsure} calls");
        Assert.Equal(sessions + 2, await bench.Sum("sessions#2026-11-22", name => name == "docker"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_erasure_that_dies_at_any_call_finishes_when_it_is_asked_again(bool secondRound, bool answerLost)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        var deaths = 0;
        for (var call = 1; ; call++)
        {
            var token = $"ls-token-{call}";
            await bench.Start(Id(call, 1), token);
            await Stored(bench, Id(call, 1), 3, call);
            await bench.Aggregate();
            // The first round dies in the function that is asked, the second one in the worker.
            if (secondRound) await bench.Send("DELETE", "/stacks", token);
            if (secondRound) bench.Time.Advance(Bench.Settle);
            bench.Tap.DieAt(call, answerLost);
            if (secondRound) await EraseOrDie(bench);
            else await bench.Send("DELETE", "/stacks", token);
            var died = bench.Tap.IsDead;
            bench.Tap.Live();
            await AskUntilDone(bench, token);
            if (!died) break;
            deaths++;
        }

        // The stream still has all of it.
        await bench.Aggregate(pump: "from the start");
        for (var call = 1; call <= deaths; call++) await NothingLeft(bench, $"ls-token-{call}", [Id(call, 1)], except: null);
        Assert.InRange(deaths, 6, 30);
    }

    [Fact]
    public async Task The_worker_finishes_a_deletion_that_nobody_asks_for_again()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Id(1, 1), Mine);
        await Stored(bench, Id(1, 1), 3, 1);
        // The function that was asked dies as soon as the request is stored.
        bench.Tap.DieAt(5, answerLost: false);
        await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
        Assert.True(bench.Tap.IsDead);
        bench.Tap.Live();
        await EraseUntilSettled(bench);
        await bench.Aggregate();
        await NothingLeft(bench, Mine, [Id(1, 1)], except: null);
    }

    [Fact]
    public async Task Asking_again_while_a_deletion_runs_changes_nothing()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Id(1, 1), Mine);
        var first = await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
        for (var asked = 0; asked < 3; asked++)
        {
            bench.Time.Advance(Bench.Settle / 3);
            bench.Tap.Record();
            var again = await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
            Assert.Equal(((string)first["id"]!, (string)first["requested_at"]!), ((string)again["id"]!, (string)again["requested_at"]!));
            Assert.DoesNotContain(bench.Tap.Calls, call => call.Operation is not ("GetItem" or "Query"));
        }

        await bench.Erase();
        Assert.Equal("done",
            (string)(await bench.Json(bench.Send("GET", "/stacks/erasures/{id}", Mine, parameter: (string)first["id"]!)))["status"]!);
        await NothingLeft(bench, Mine, [Id(1, 1)], except: null);
    }

    [Fact]
    public async Task Asking_again_for_one_session_while_its_deletion_runs_changes_nothing()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Id(1, 1), Mine);
        var first = await bench.Json(bench.Send("DELETE", "/stacks/{session}", Mine, parameter: Id(1, 1)), 202);
        bench.Time.Advance(Bench.Settle);
        var again = await bench.Json(bench.Send("DELETE", "/stacks/{session}", Mine, parameter: Id(1, 1)), 202);
        Assert.Equal((string)first["requested_at"]!, (string)again["requested_at"]!);
        await bench.Erase();
        await NothingLeft(bench, Mine, [Id(1, 1)], except: null);
    }

    [Fact]
    public async Task A_made_up_token_costs_three_reads_and_stores_nothing()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        bench.Tap.Record();
        var nothing = await bench.Json(bench.Send("DELETE", "/stacks", "ls-made-up"));
        Assert.Equal(("done", false), ((string)nothing["status"]!, nothing.ContainsKey("id")));
        Assert.Equal(["GetItem", "Query", "Query"], bench.Tap.Calls.Select(call => call.Operation).Order(StringComparer.Ordinal));
        bench.Tap.Record();
        await bench.Send("DELETE", "/stacks/{session}", "ls-made-up", parameter: Id(1, 1));
        Assert.Equal(["GetItem", "GetItem"], bench.Tap.Calls.Select(call => call.Operation));
        Assert.Empty(await bench.Scan("sessions"));
    }

    [Fact]
    public async Task A_thousand_deletions_under_way_delay_nobody()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await Parallel.ForAsync(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            await bench.Start(Id(1, i), $"ls-made-up-{i}");
            await bench.Json(bench.Send("DELETE", "/stacks", $"ls-made-up-{i}"), 202);
        });
        await bench.Start(Id(2, 1), Mine);
        var mine = await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
        // All of them ask again, as often as they like; each is asked once more every 30 s.
        for (var asked = 0; asked < 3; asked++)
        {
            bench.Time.Advance(Bench.Settle / 3);
            await Parallel.ForAsync(0, 160, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
                await bench.Send("DELETE", "/stacks", $"ls-made-up-{i}"));
        }

        var began = Stopwatch.GetTimestamp();
        await bench.Erase();
        output.WriteLine($"1,001 deletions are finished after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.Equal("done",
            (string)(await bench.Json(bench.Send("GET", "/stacks/erasures/{id}", Mine, parameter: (string)mine["id"]!)))["status"]!);
        Assert.DoesNotContain(await bench.Scan("sessions"), item => item.TryGetValue("erasure", out var state) && state.S != "done");
    }

    [Fact]
    public async Task A_large_deletion_takes_turns_with_those_behind_it()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await Parallel.ForAsync(0, 150, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await bench.Start(Id(1, i), "ls-large"));
        await bench.Start(Id(2, 1), Mine);
        // The functions that are asked do nothing but store the requests: from the first write on, the store is away for them.
        foreach (var token in new[] { "ls-large", Mine })
        {
            bench.Tap.DieAt(5, answerLost: false);
            await bench.Json(bench.Send("DELETE", "/stacks", token), 202);
            bench.Tap.Live();
            bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        bench.Time.Advance(TimeSpan.FromSeconds(30));
        // Each call takes 10 ms: a turn is a hundred calls long, and 150 sessions need some six hundred.
        bench.Tap.OnCall = () => bench.Time.Advance(TimeSpan.FromMilliseconds(10));
        var order = new List<string>();
        bench.Tap.OnRequest = call =>
        {
            var key = (string?)call["Key"]?["session_id"]?["S"] ?? "";
            if (key == Id(2, 1)) order.Add("mine");
            else if (key.StartsWith("00000001-", StringComparison.Ordinal)) order.Add("large");
        };
        bench.Tap.Record();
        await bench.Erase();
        bench.Tap.OnCall = null;
        Assert.Equal(150, order.Count(step => step == "large"));
        Assert.InRange(order.IndexOf("mine"), 0, 60);
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        await NothingLeft(bench, "ls-large", [.. Enumerable.Range(0, 150).Select(i => Id(1, i))], except: null);
        await NothingLeft(bench, Mine, [Id(2, 1)], except: null);
    }

    [Fact]
    public async Task One_session_goes_alone_and_is_gone_for_its_owner_at_once()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        foreach (var id in new[] { Id(1, 1), Id(1, 2) })
        {
            await bench.Start(id, Mine);
            await Stored(bench, id, 3, 1);
        }

        await bench.Aggregate();
        var asked = await bench.Json(bench.Send("DELETE", "/stacks/{session}", Mine, parameter: Id(1, 1)), 202);
        Assert.Equal("opted_out", (string)(await bench.Json(bench.Calls(Id(1, 1), 1, 9)))["dropped"]![0]!["reason"]!);
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        await NothingLeft(bench, null, [Id(1, 1)], except: null);
        Assert.Equal(3, await bench.Sum("stack#" + Id(1, 2), name => name == "calls"));
        Assert.Equal(3, (await bench.Json(bench.Calls(Id(1, 2), 3, 2)))["stored"]!.GetValue<int>());
        var again = await bench.Json(bench.Send("DELETE", "/stacks/{session}", Mine, parameter: Id(1, 1)));
        Assert.Equal(((string)asked["id"]!, "done"), ((string)again["id"]!, (string)again["status"]!));
    }

    [Fact]
    public async Task A_session_that_is_registered_once_more_after_it_was_erased_leaves_nothing()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Id(1, 1), Mine);
        await AskUntilDone(bench, Mine);
        // A proxy that repeats requests; a client that goes on sending.
        Assert.False((bool)(await bench.Start(Id(1, 1), Mine))["track_events"]!);
        Assert.Equal("opted_out", (string)(await bench.Json(bench.Calls(Id(1, 1), 1, 9)))["dropped"]![0]!["reason"]!);
        await bench.Aggregate();
        await NothingLeft(bench, Mine, [Id(1, 1)], except: null);
    }

    [Fact]
    public async Task What_the_owner_said_about_tracking_and_the_activations_outlive_the_erasure()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("PUT", "/tracking", Mine, """{"track_events": false}"""));
        await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, $$$"""{"credentials":{"token":"{{{Mine}}}"},"is_ci":true}"""));
        await bench.Aggregate();
        await AskUntilDone(bench, Mine);
        Assert.False((bool)(await bench.Json(bench.Send("GET", "/tracking", Mine)))["track_events"]!);
        Assert.Equal(1,
            (long)(await bench.Json(bench.Send("GET", "/license/credits", Mine, query: new() { ["month"] = "2026-11" })))["ci"]!);
        Assert.Single(await bench.Scan("activations"));
    }

    [Fact]
    public async Task A_session_that_starts_while_a_deletion_runs_stays_until_it_is_asked_for_afterwards()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Id(1, 1), Mine);
        var first = await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
        bench.Time.Advance(TimeSpan.FromSeconds(60));
        await bench.Start(Id(1, 2), Mine);
        await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        await NothingLeft(bench, null, [Id(1, 1)], except: null);
        Assert.Contains(await bench.Scan("sessions"), item => item["session_id"].S == Id(1, 2));

        var second = await bench.Json(bench.Send("DELETE", "/stacks", Mine), 202);
        Assert.Equal((string)first["id"]!, (string)second["id"]!);
        Assert.NotEqual((string)first["requested_at"]!, (string)second["requested_at"]!);
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        await NothingLeft(bench, Mine, [Id(1, 1), Id(1, 2)], except: null);
    }

    private static async Task<long> Stored(Bench bench, string session, int calls, int serial) =>
        (long)(await bench.Json(bench.Calls(session, calls, serial)))["stored"]!;

    private static async Task RoundsPass(int[] rounds, List<Task> senders)
    {
        // Two: the one that runs now may have begun before, the next one has not.
        var before = rounds.ToArray();
        int[] Passed() => [.. rounds.Select((_, i) => Volatile.Read(ref rounds[i]) - before[i])];
        bool Broke() => senders.Exists(sender => sender.IsFaulted);
        Assert.True(await Eventually.True(() => Broke() || Passed().All(n => n >= 2), seconds: 120), "rounds that passed: "
            + string.Join(", ", Passed()));
        if (Broke()) await Task.WhenAll(senders.Where(sender => sender.IsFaulted));
    }

    private static async Task AskUntilDone(Bench bench, string token)
    {
        for (var asked = 0; asked < 5; asked++)
        {
            if ((await bench.Send("DELETE", "/stacks", token)).StatusCode == 200) return;
            await EraseUntilSettled(bench);
        }

        Assert.Fail("it was asked five times and is not done");
    }

    private static async Task EraseOrDie(Bench bench)
    {
        try
        {
            await bench.Erase();
        }
        catch (InvocationFailedException) when (bench.Tap.IsDead)
        {
            // The next minute's run begins anew.
        }
    }

    // The worker comes every minute. A function that died keeps it away from its request for half of one.
    private static async Task EraseUntilSettled(Bench bench)
    {
        for (var minute = 0; minute < 4; minute++)
        {
            await bench.Erase();
            bench.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>
    /// Looks into every item of every table for the credential and its sessions, apart from activations and a session that came later.
    /// </summary>
    private static async Task NothingLeft(Bench bench, string? token, string[] sessions, string? except)
    {
        var traces = sessions.Concat(token is null ? [] : [bench.Fingerprints.Credential(token), token]).ToArray();
        foreach (var table in new[] { "sessions", "calls", "anonymous", "counters" })
        {
            foreach (var item in await bench.Scan(table))
            {
                if (table == "counters" && item["metric"].S.StartsWith("activations#", StringComparison.Ordinal)) continue;
                var text = Bench.Text(item);
                if (except is not null && text.Contains(except, StringComparison.Ordinal)) continue;
                Assert.DoesNotContain(traces, trace => text.Contains(trace, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    private static string Id(int group, int number) => string.Create(CultureInfo.InvariantCulture,
    $"{group:x8}-0000-4000-8000-{number:x12}");
}
