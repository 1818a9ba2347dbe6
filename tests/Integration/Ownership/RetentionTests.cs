using System.Text.Json.Nodes;

namespace Collector.Tests.Integration.Ownership;

/// <summary>Every item except counters over all users expires.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class RetentionTests(QuickDynamoDb quick)
{
    private static readonly string[] Community = ["requests#", "cli#", "features#", "sessions#", "ledger#"];

    [Fact]
    public async Task No_write_creates_or_leaves_an_item_without_an_expiry()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        bench.Tap.Record();
        await EveryKindOfWrite(bench);
        bench.Time.Advance(Bench.Settle);
        await bench.Erase();
        var kinds = new HashSet<string>();
        foreach (var (operation, request) in bench.Tap.Calls.Where(c =>
            c.Operation is not ("GetItem" or "BatchGetItem" or "Query" or "Scan" or "DeleteItem")))
        {
            var item = operation switch
            {
                "PutItem" => request["Item"]!.AsObject(),
                "UpdateItem" => request["Key"]!.AsObject(),
                "BatchWriteItem" when request["RequestItems"]!.AsObject()
                    .All(t => t.Value!.AsArray().All(w => w!["DeleteRequest"] is not null)) => null,
                _ => throw new InvalidOperationException(operation + " is a write that this test does not support"),
            };
            if (item is null) continue;
            var kind = Kind(item);
            kinds.Add(kind);
            var ends = operation == "PutItem"
                ? item.ContainsKey("expires_at")
                : request["ExpressionAttributeNames"]!.AsObject().Any(n => (string)n.Value! == "expires_at" && Sets(request, n.Key));
            Assert.True(ends || Community.Contains(kind), $"{operation} of {kind} sets no expiry");
            Assert.False(ends && Community.Contains(kind), $"{kind} would expire");
        }

        Assert.Equal(
            ["activation", "activations#", "cli#", "erased#", "erasure#", "features#", "ledger#", "log of a session", "log of all",
                "machines#", "requests#", "session", "sessions#", "stack#", "tracking#"],
            kinds.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_item_expires_after_the_retention_that_the_policy_gives_its_kind()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await EveryKindOfWrite(bench);
        var now = bench.Time.GetUtcNow();
        foreach (var table in new[] { "sessions", "calls", "anonymous", "counters", "activations" })
        {
            foreach (var item in await bench.Scan(table))
            {
                var kind = Kind(new JsonObject(item.Select(a => KeyValuePair.Create(a.Key,
                (JsonNode?)new JsonObject { ["S"] = a.Value.S }))));
                if (Community.Contains(kind)) continue;
                var left = long.Parse(item["expires_at"].N, System.Globalization.CultureInfo.InvariantCulture) - now.ToUnixTimeSeconds();
                var days = bench.Policy.Retention(kind switch
                {
                    "activation" or "activations#" => "activation",
                    "erased#" or "erasure#" => "erasure",
                    "tracking#" => "tracking",
                    "log of all" => "log",
                    "session" => "session",
                    _ => "call",
                }).TotalSeconds;
                Assert.InRange(left, days - 3600, days);
            }
        }
    }

    private static async Task EveryKindOfWrite(Bench bench)
    {
        const string token = "ls-my-token";
        await bench.Start(Id(1), token);
        await bench.Start(Id(2), token, testing: true);
        await bench.Calls(Id(1), 2, 1);
        // Calls of an unregistered session.
        await bench.Calls(Id(3), 2, 1);
        await bench.Send("POST", "/events", body: """
            {"events":[{"name":"cli_cmd","metadata":{"session_id":"4b0c6a86-0b0e-4d4e-9b7e-57a1d1f3c111"},"payload":{"cmd":"localstack start","params":[]}},
             {"name":"run_init","metadata":{"session_id":"4b0c6a86-0b0e-4d4e-9b7e-57a1d1f3c112"},"payload":{"stage":"READY","scripts":2,"duration":153.2}},
             {"name":"config","payload":{}}]}
            """);
        await bench.Send("POST", "/license/activations", Bench.OperatorKey, $$$"""{"credentials":{"token":"{{{token}}}"}}""");
        await bench.Send("POST", "/license/activations", Bench.OperatorKey, $$$"""{"credentials":{"token":"{{{token}}}"},"activation_id":"1"}""");
        await bench.Send("PUT", "/tracking", token, """{"track_events": false}""");
        await bench.Start(Id(4), token);
        await bench.Aggregate();
        await bench.Send("DELETE", "/stacks/{session}", token, parameter: Id(1));
        await bench.Start(Id(1), token);
    }

    private static bool Sets(JsonObject request, string placeholder) =>
        ((string)request["UpdateExpression"]!).Contains(placeholder + "=", StringComparison.Ordinal);

    private static string Kind(JsonObject item)
    {
        var key = (string?)(item["metric"] ?? item["session_id"] ?? item["source"])?["S"];
        if (key is null) return "activation";
        if (item.ContainsKey("source")) return key.StartsWith("session#", StringComparison.Ordinal) ? "log of a session" : "log of all";
        return key.Contains('#', StringComparison.Ordinal) ? key[..(key.IndexOf('#', StringComparison.Ordinal) + 1)] : "session";
    }

    private static string Id(int number) => $"11111111-0000-4000-8000-{number:000000000000}";
}
