using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Ingest;
using Collector.Storage;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Ingest;

/// <summary>Most batches need no read of their session, and no session is treated by an outdated status.</summary>
public sealed class KnownSessionsTests
{
    private readonly IngestBench bench = new();
    private int serial;

    [Fact]
    public async Task A_registered_session_is_read_again_after_half_of_the_deletion_settle_time()
    {
        await bench.Session(Registration(1));
        // One read, and one write for the service that the session calls for the first time.
        Assert.Equal(2, await Reads(1));
        bench.Clock.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal(0, await Reads(1));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Reads(1));
    }

    [Fact]
    public async Task A_remembered_status_expires_before_a_deletion_makes_its_last_pass()
    {
        // The template's default settle time, and the functions' timeout.
        Assert.True(KnownSessions.KeepFor(TimeSpan.FromSeconds(90)) + TimeSpan.FromSeconds(10) < TimeSpan.FromSeconds(90));
        await bench.Session(Registration(1));
        await Reads(1);
        // A deletion's first step.
        Assert.Single(bench.DynamoDb.Items("sessions"))["standing"] = new("opted_out");
        bench.Clock.Advance(KnownSessions.KeepFor(TimeSpan.FromSeconds(90)));
        var answer = IngestBench.Json(await bench.Post(Call(1)));
        Assert.Equal("opted_out", (string?)answer["dropped"]![0]!["reason"]);
    }

    [Fact]
    public async Task A_session_whose_batch_arrived_before_its_registration_is_opted_out_from_the_registration_on()
    {
        Assert.InRange(await Reads(1), 1, 4);
        await bench.Session(Registration(1).Replace("2026.3.1\"", "2026.3.1\",\"is_testing\":true", StringComparison.Ordinal));
        Assert.Equal("opted_out", (string?)IngestBench.Json(await bench.Post(Call(1)))["dropped"]![0]!["reason"]);
    }

    [Fact]
    public async Task The_first_batch_of_a_day_marks_the_session_as_active()
    {
        bench.Clock.AdjustTime(new DateTimeOffset(2026, 11, 22, 23, 59, 50, TimeSpan.Zero));
        await bench.Session(Registration(1));
        await Reads(1);
        bench.Clock.Advance(TimeSpan.FromSeconds(15));
        await Reads(1);
        Assert.Equal("2026-11-23", Assert.Single(bench.DynamoDb.Items("sessions"))["active_on"].S);
    }

    [Fact]
    public async Task Each_service_of_a_session_is_written_to_the_table_once()
    {
        await bench.Session(Registration(1));
        Assert.Equal(1, await Writes("s3"));
        Assert.Equal(0, await Writes("s3"));
        Assert.Equal(1, await Writes("sqs"));
        // Another process learns the services from the table.
        bench.Clock.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(0, await Writes("sqs"));
        Assert.Equal(
            ["s3|2026-11-22", "sqs|2026-11-22"],
            Assert.Single(bench.DynamoDb.Items("sessions"))["services"].SS.Order(StringComparer.Ordinal));
        // The session's registration and two services.
        Assert.Equal(3, bench.DynamoDb.Stream.Count(change => change.Table == "sessions"));

        async Task<int> Writes(string service)
        {
            var before = bench.DynamoDb.Stream.Count(change => change.Table == "sessions");
            Assert.Equal(1, (int)IngestBench.Json(await bench.Post(Call(1).Replace("s3", service, StringComparison.Ordinal)))["stored"]!);
            return bench.DynamoDb.Stream.Count(change => change.Table == "sessions") - before;
        }
    }

    [Fact]
    public async Task A_session_that_was_deleted_meanwhile_gets_no_services()
    {
        await bench.Session(Registration(1));
        await Reads(1);
        var item = Assert.Single(bench.DynamoDb.Items("sessions"));
        item["standing"] = new("opted_out");
        item.Remove("services");

        // The call may still be stored; the deletion's second round then deletes it.
        await bench.Post(Call(1).Replace("s3", "sqs", StringComparison.Ordinal));

        Assert.DoesNotContain("services", Assert.Single(bench.DynamoDb.Items("sessions")));
    }

    [Fact]
    public async Task The_services_of_a_community_session_are_not_stored()
    {
        await bench.Session(Registration(1).Replace("\"api_key\":\"ls-token\",", "", StringComparison.Ordinal));
        await bench.Post(Call(1));
        Assert.DoesNotContain("services", Assert.Single(bench.DynamoDb.Items("sessions")));
    }

    [Fact]
    public async Task No_more_sessions_are_remembered_than_the_limit()
    {
        var sessions = new KnownSessions(
            new SessionsTable(bench.DynamoDb, "sessions"), Policies.Shipped, TimeSpan.FromSeconds(45), most: 2);
        var reads = 0;
        foreach (var number in new[] { 1, 2, 3 }) await bench.Session(Registration(number));
        bench.DynamoDb.Before = _ => reads++;
        foreach (var number in new[] { 1, 2, 1, 2, 3, 3, 1 })
            Assert.Equal(SessionStatus.Pro, await sessions.Status(Id(number), bench.Clock.GetUtcNow()));
        // 1 and 2 are read once each; 3 takes their place, so 1 is read again.
        Assert.Equal(4, reads);
    }

    // Sends a call of that session and returns the number of requests to the table.
    private async Task<int> Reads(int number)
    {
        var reads = 0;
        bench.DynamoDb.Before = table => reads += table == "sessions" ? 1 : 0;
        var answer = IngestBench.Json(await bench.Post(Call(number)));
        bench.DynamoDb.Before = null;
        Assert.Equal(1, (int)answer["stored"]!);
        return reads;
    }

    private string Call(int number) => new JsonObject
    {
        ["name"] = "aws_request",
        ["metadata"] = new JsonObject { ["session_id"] = Id(number), ["client_time"] =
            FormattableString.Invariant($"2026-11-22 07:32:46.{++serial:000000}") },
        ["payload"] = new JsonObject { ["service"] = "s3", ["operation"] = "PutObject", ["status_code"] = 200 },
    }.ToJsonString();

    private static string Registration(int number) => new JsonObject
    {
        ["name"] = "session",
        ["payload"] = new JsonObject { ["session_id"] = Id(number), ["api_key"] = "ls-token", ["version"] = "2026.3.1" },
    }.ToJsonString();

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{number:d12}");
}
