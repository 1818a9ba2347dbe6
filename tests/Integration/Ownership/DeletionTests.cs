using System.Text.Json.Nodes;
using Collector.Observability;
using static Collector.Tests.Integration.Ownership.DeletionChecks;

namespace Collector.Tests.Integration.Ownership;

/// <summary>What remains of a credential or session in the tables after a deletion, whatever happens during it.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class DeletionTests(QuickDynamoDb quick)
{
    private const string Mine = "ls-my-token";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_deletion_that_dies_at_any_call_finishes_when_it_is_requested_again(bool secondRound, bool answerLost)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        var deaths = 0;
        for (var call = 1; ; call++)
        {
            var token = $"ls-token-{call}";
            await bench.Start(Id(call, 1), token);
            await Stored(bench, Id(call, 1), 3, call);
            await bench.Aggregate();
            // The first round dies in the function that receives the request, the second one in the worker.
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

        // The stream still has all records.
        await bench.Aggregate(pump: "from the start");
        for (var call = 1; call <= deaths; call++) await NothingLeft(bench, $"ls-token-{call}", [Id(call, 1)], except: null);
        Assert.InRange(deaths, 6, 30);
    }

    [Fact]
    public async Task The_worker_finishes_a_deletion_that_is_not_requested_again()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Id(1, 1), Mine);
        await Stored(bench, Id(1, 1), 3, 1);
        // The function that received the request dies as soon as the request is stored.
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
    public async Task A_large_deletion_takes_turns_with_later_ones()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await Parallel.ForAsync(0, 150, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await bench.Start(Id(1, i), "ls-large"));
        await bench.Start(Id(2, 1), Mine);
        // The functions only store the requests: the store is unavailable to them after that.
        foreach (var token in new[] { "ls-large", Mine })
        {
            bench.Tap.DieAt(5, answerLost: false);
            await bench.Json(bench.Send("DELETE", "/stacks", token), 202);
            bench.Tap.Live();
            bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        bench.Time.Advance(TimeSpan.FromSeconds(30));
        // Each call takes 10 ms: a turn takes a hundred calls, and 150 sessions need about six hundred.
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
    public async Task A_single_session_is_deleted_alone_and_hidden_from_its_owner_at_once()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        foreach (var id in new[] { Id(1, 1), Id(1, 2) })
        {
            await bench.Start(id, Mine);
            await Stored(bench, id, 3, 1);
        }

        await bench.Aggregate();
        var asked = await bench.Json(bench.Send("DELETE", "/stacks/{session}", Mine, parameter: Id(1, 1)), 202);
        // A process that remembers the session still stores this batch, and the second round deletes it. After that no process
        // remembers the session.
        Assert.Equal(1, await Stored(bench, Id(1, 1), 1, 9));
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        Assert.Equal("opted_out", (string)(await bench.Json(bench.Calls(Id(1, 1), 1, 10)))["dropped"]![0]!["reason"]!);
        await NothingLeft(bench, null, [Id(1, 1)], except: null);
        Assert.Equal(3, await bench.Sum("stack#" + Id(1, 2), name => name == "calls"));
        Assert.Equal(3, (await bench.Json(bench.Calls(Id(1, 2), 3, 2)))["stored"]!.GetValue<int>());
        var again = await bench.Json(bench.Send("DELETE", "/stacks/{session}", Mine, parameter: Id(1, 1)));
        Assert.Equal(((string)asked["id"]!, "done"), ((string)again["id"]!, (string)again["status"]!));
    }

    [Fact]
    public async Task A_session_registered_again_after_its_deletion_leaves_nothing()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(Id(1, 1), Mine);
        await AskUntilDone(bench, Mine);
        // A proxy that repeats requests; a client that continues to send.
        Assert.False((bool)(await bench.Start(Id(1, 1), Mine))["track_events"]!);
        Assert.Equal("opted_out", (string)(await bench.Json(bench.Calls(Id(1, 1), 1, 9)))["dropped"]![0]!["reason"]!);
        await bench.Aggregate();
        await NothingLeft(bench, Mine, [Id(1, 1)], except: null);
    }

    [Fact]
    public async Task The_tracking_preference_and_the_activations_survive_a_deletion()
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
    public async Task A_session_that_starts_during_a_deletion_stays_until_the_next_request()
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

    private static async Task AskUntilDone(Bench bench, string token)
    {
        for (var asked = 0; asked < 5; asked++)
        {
            if ((await bench.Send("DELETE", "/stacks", token)).StatusCode == 200) return;
            await EraseUntilSettled(bench);
        }

        Assert.Fail("the deletion is not done after five requests");
    }

    private static async Task EraseOrDie(Bench bench)
    {
        try
        {
            await bench.Erase();
        }
        catch (InvocationFailedException) when (bench.Tap.IsDead)
        {
            // The next minute's run starts again.
        }
    }

    // The worker runs every minute. After a function dies, the worker waits half a minute before it takes over the request.
    private static async Task EraseUntilSettled(Bench bench)
    {
        for (var minute = 0; minute < 4; minute++)
        {
            await bench.Erase();
            bench.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
