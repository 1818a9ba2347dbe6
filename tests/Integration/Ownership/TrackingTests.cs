namespace Collector.Tests.Integration.Ownership;

/// <summary>Tracking switched off by the deployment, by a credential's owner, or by a test run.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class TrackingTests(QuickDynamoDb quick)
{
    private const string Token = "ls-token-1";
    private const string First = "11111111-0000-4000-8000-000000000001";
    private const string Second = "11111111-0000-4000-8000-000000000002";
    private const string Third = "11111111-0000-4000-8000-000000000003";

    [Fact]
    public async Task Tracking_is_on_by_default()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        Assert.Equal("""{"track_events":true}""", (await bench.Json(bench.Send("GET", "/tracking", Token))).ToJsonString());
        Assert.True((bool)(await bench.Start(First, Token))["track_events"]!);
    }

    [Fact]
    public async Task An_owner_switches_tracking_off_and_on_from_the_next_session_on()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Start(First, Token);
        Assert.Equal("""{"track_events":false}""", (await bench.Json(bench.Send("PUT", "/tracking", Token, """{"track_events": false}"""))).ToJsonString());
        Assert.Equal("""{"track_events":false}""", (await bench.Json(bench.Send("GET", "/tracking", Token))).ToJsonString());
        Assert.Equal("""{"track_events":true}""", (await bench.Json(bench.Send("GET", "/tracking", "ls-token-2"))).ToJsonString());

        Assert.False((bool)(await bench.Start(Second, Token))["track_events"]!);
        var dropped = await bench.Json(bench.Calls(Second, 3, 1));
        Assert.Equal((3, 0), ((int)dropped["received"]!, (int)dropped["stored"]!));
        Assert.All(dropped["dropped"]!.AsArray(), d => Assert.Equal("opted_out", (string)d!["reason"]!));
        // The earlier session continues, because its client was told to send.
        Assert.Equal(2, (int)(await bench.Json(bench.Calls(First, 2, 1)))["stored"]!);

        await bench.Json(bench.Send("PUT", "/tracking", Token, """{"track_events": true}"""));
        Assert.True((bool)(await bench.Start(Third, Token))["track_events"]!);
        Assert.Equal(2, (int)(await bench.Json(bench.Calls(Third, 2, 2)))["stored"]!);

        await bench.Aggregate();
        // Three sessions and seven calls arrived; the second session and its three calls are dropped and counted.
        Assert.Equal(10, await bench.Sum("ledger#2026-11-22", name => name == "received"));
        Assert.Equal(6, await bench.Sum("ledger#2026-11-22", name => name == "stored"));
        Assert.Equal(4, await bench.Sum("ledger#2026-11-22", name => name == "dropped#opted_out"));
    }

    [Fact]
    public async Task Only_the_id_of_an_untracked_session_is_kept()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("PUT", "/tracking", Token, """{"track_events": false}"""));
        await bench.Start(First, Token);
        var item = (await bench.Scan("sessions")).Single(i => i["session_id"].S == First);
        Assert.Equal(["expires_at", "policy", "session_id", "standing", "started_at"], item.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(bench.Fingerprints.Credential(Token), string.Concat((await bench.Scan("sessions")).Select(Bench.Text)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_run_is_never_tracked()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        Assert.False((bool)(await bench.Start(First, Token, testing: true))["track_events"]!);
        Assert.Equal("opted_out", (string)(await bench.Json(bench.Calls(First, 1, 1)))["dropped"]![0]!["reason"]!);
    }

    [Fact]
    public async Task A_deployment_that_does_not_track_tells_every_client_to_stop()
    {
        using var bench = await Bench.Create(quick.DynamoDb, trackEvents: false);
        Assert.False((bool)(await bench.Start(First, Token))["track_events"]!);
        Assert.Equal("opted_out", (string)(await bench.Json(bench.Calls(First, 1, 1)))["dropped"]![0]!["reason"]!);
        Assert.Empty(await bench.Scan("sessions"));
        await bench.Aggregate();
        Assert.Equal(2, await bench.Sum("ledger#2026-11-22", name => name == "dropped#opted_out"));
    }

    [Fact]
    public async Task An_unavailable_store_silences_no_client()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        bench.Tap.DieAt(1, answerLost: false);
        Assert.True((bool)(await bench.Start(First, Token))["track_events"]!);
    }

    [Fact]
    public async Task A_store_that_becomes_unavailable_after_reading_an_opt_out_does_not_undo_it()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("PUT", "/tracking", Token, """{"track_events": false}"""));
        bench.Tap.DieAt(2, answerLost: false);
        Assert.False((bool)(await bench.Start(First, Token))["track_events"]!);
    }

    [Fact]
    public async Task The_retention_of_an_opt_out_is_extended_by_the_sessions_that_it_stops()
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("PUT", "/tracking", Token, """{"track_events": false}"""));
        var before = await Expiry(bench);
        bench.Time.Advance(TimeSpan.FromDays(199));
        await bench.Start(First, Token);
        Assert.Equal(before, await Expiry(bench));
        bench.Time.Advance(TimeSpan.FromDays(2));
        await bench.Start(Second, Token);
        Assert.Equal(before + (201 * 86_400), await Expiry(bench));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"track_events": "false"}""")]
    [InlineData("""{"track_events": null}""")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("{")]
    public async Task An_invalid_tracking_preference_changes_nothing(string body)
    {
        using var bench = await Bench.Create(quick.DynamoDb);
        await bench.Json(bench.Send("PUT", "/tracking", Token, """{"track_events": false}"""));
        await bench.Json(bench.Send("PUT", "/tracking", Token, body), 400);
        Assert.False((bool)(await bench.Json(bench.Send("GET", "/tracking", Token)))["track_events"]!);
    }

    private static async Task<long> Expiry(Bench bench) => long.Parse(
        (await bench.Scan("sessions")).Single(i => i["session_id"].S.StartsWith("tracking#", StringComparison.Ordinal))["expires_at"].N,
        System.Globalization.CultureInfo.InvariantCulture);
}
