using System.Text.Json.Nodes;

namespace Collector.Tests.Integration.Ownership;

/// <summary>
/// Replacing the fingerprint secret: data stored with the old secret still belongs to its owner while both secrets are set.
/// </summary>
[Collection(SharedDynamoDb.Name)]
public sealed class RotationTests(QuickDynamoDb quick)
{
    private const string Mine = "ls-my-token";
    private const string NewSecret = "2:another secret of more than thirty-two characters";
    private const string Both = NewSecret + ",1:" + TestSettings.FingerprintSecret;

    [Fact]
    public async Task A_list_of_sessions_covers_both_secrets()
    {
        using var before = await Bench.Create(quick.DynamoDb);
        using var during = before.With(Both);
        using var after = before.With(NewSecret);
        await before.Start(Id(1), Mine);
        before.Time.Advance(TimeSpan.FromSeconds(1));
        await before.Start(Id(2), Mine);
        before.Time.Advance(TimeSpan.FromSeconds(1));
        await during.Start(Id(3), Mine);

        Assert.Equal([Id(3), Id(2), Id(1)], await Listed(during, 25));
        Assert.Equal([Id(3), Id(2), Id(1)], await Listed(during, 1));
        Assert.Equal([Id(3), Id(2), Id(1)], await Listed(during, 2));
        Assert.Equal(200, (await during.Send("GET", "/stacks/{session}", Mine, parameter: Id(1))).StatusCode);
        // When the old secret is removed, data stored with it has no owner.
        Assert.Equal([Id(3)], await Listed(after, 25));
        Assert.Equal(404, (await after.Send("GET", "/stacks/{session}", Mine, parameter: Id(1))).StatusCode);
    }

    [Fact]
    public async Task An_opt_out_survives_the_rotation()
    {
        using var before = await Bench.Create(quick.DynamoDb);
        using var during = before.With(Both);
        using var after = before.With(NewSecret);
        await before.Json(before.Send("PUT", "/tracking", Mine, """{"track_events": false}"""));
        Assert.False((bool)(await during.Json(during.Send("GET", "/tracking", Mine)))["track_events"]!);
        Assert.False((bool)(await during.Start(Id(1), Mine))["track_events"]!);
        Assert.False((bool)(await after.Start(Id(2), Mine))["track_events"]!);
        await during.Json(during.Send("PUT", "/tracking", Mine, """{"track_events": true}"""));
        Assert.True((bool)(await during.Start(Id(3), Mine))["track_events"]!);
    }

    [Fact]
    public async Task All_sessions_are_deleted_under_both_secrets_and_stay_deleted()
    {
        using var before = await Bench.Create(quick.DynamoDb);
        using var during = before.With(Both);
        await before.Start(Id(1), Mine);
        await during.Start(Id(2), Mine);
        var asked = await during.Json(during.Send("DELETE", "/stacks", Mine), 202);
        during.Time.Advance(Bench.Settle);
        await during.Erase();
        Assert.Equal("done",
            (string)(await during.Json(during.Send("GET", "/stacks/erasures/{id}", Mine, parameter: (string)asked["id"]!)))["status"]!);
        Assert.DoesNotContain(await during.Scan("sessions"), item => item["session_id"].S is var key && (key == Id(1) || key == Id(2)));
        Assert.False((bool)(await during.Start(Id(1), Mine))["track_events"]!);
    }

    [Fact]
    public async Task A_deletion_requested_before_the_rotation_still_holds_during_it()
    {
        using var before = await Bench.Create(quick.DynamoDb);
        using var during = before.With(Both);
        await before.Start(Id(1), Mine);
        var asked = await before.Json(before.Send("DELETE", "/stacks/{session}", Mine, parameter: Id(1)), 202);
        before.Time.Advance(Bench.Settle);
        await during.Erase();
        Assert.Equal("done",
            (string)(await during.Json(during.Send("GET", "/stacks/erasures/{id}", Mine, parameter: (string)asked["id"]!)))["status"]!);
        Assert.False((bool)(await during.Start(Id(1), Mine))["track_events"]!);
        Assert.Equal("opted_out", (string)(await during.Json(during.Calls(Id(1), 1, 9)))["dropped"]![0]!["reason"]!);
    }

    [Fact]
    public async Task Activations_of_a_month_are_counted_together_under_both_secrets()
    {
        using var before = await Bench.Create(quick.DynamoDb);
        using var during = before.With(Both);
        foreach (var bench in new[] { before, during })
            await bench.Json(bench.Send("POST", "/license/activations", Bench.OperatorKey, $$$"""{"credentials":{"token":"{{{Mine}}}"},"is_ci":true}"""));
        await during.Aggregate();
        var credits = await during.Json(during.Send("GET", "/license/credits", Mine, query: new() { ["month"] = "2026-11" }));
        Assert.Equal((2, 2), ((int)credits["total"]!, (int)Assert.Single(credits["days"]!.AsArray())!["ci"]!));
    }

    private static async Task<List<string>> Listed(Bench bench, int limit)
    {
        var sessions = new List<string>();
        for (string? cursor = null; ;)
        {
            var query = new Dictionary<string, string> { ["limit"] = limit.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            if (cursor is not null) query["cursor"] = cursor;
            var page = JsonNode.Parse((await bench.Send("GET", "/stacks", Mine, query: query)).Body!)!;
            sessions.AddRange(page["rows"]!.AsArray().Select(row => (string)row!["session"]!));
            if ((cursor = (string?)page["cursor"]) is null) return sessions;
        }
    }

    private static string Id(int number) => $"11111111-0000-4000-8000-{number:000000000000}";
}
