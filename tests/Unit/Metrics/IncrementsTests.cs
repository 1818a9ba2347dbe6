using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Metrics;

/// <summary>
/// The exact increments of each kind of stored item: which attribute of which counter item receives how much. The keys are kept forever.
/// After a number, <c>else</c> is the attribute that counts once the item is full, and <c>room</c> the number of names or bytes that its
/// tag may take before that.
/// </summary>
public sealed class IncrementsTests
{
    private const string SessionId = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 27, 25, TimeSpan.Zero);

    [Fact]
    public void The_calls_of_a_session_add_their_numbers()
    {
        var entry = new LogEntry(Stored: 2, Calls:
        [
            new LoggedCall("sqs", "DeleteQueue", 400, Region: "us-east-1", UserAgent: "aws-cli/2.15"),
            new LoggedCall("ec2", "RunInstances", 399),
        ]);
        Is(
            Increments.OfCalls(entry, SessionId, At, 3),
            """
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 2026-11-22T12: call#sqs#DeleteQueue#400 1 else call#other#other#400 room 1000 names
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 2026-11-22T12: minute#27 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 2026-11-22T12: user_agent#aws-cli/2.15 1 else user_agent#other room 200 names
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 2026-11-22T12: region#us-east-1 1 else region#other room 200 names
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 total: calls 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 total: service#sqs 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 2026-11-22T12: failed_minute#27 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 total: failed 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 2026-11-22T12: call#ec2#RunInstances#3xx 1 else call#other#other#3xx room 1000 names
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 2026-11-22T12: minute#27 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 total: calls 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 total: service#ec2 1
            stack#880c3de5-a2e9-4077-a334-3426cdeefe24 total: last_seen_at = 1795350445000
            requests#2026-11-22 sqs#3: DeleteQueue#400 1 else other#400
            requests#2026-11-22 ec2~h14#3: RunInstances#3xx 1 else other#3xx
            ledger#2026-11-22 3: stored 2
            ledger#2026-11-22 3: received 2
            """);
    }

    [Fact]
    public void Counts_and_dropped_and_stripped_events_add_their_numbers()
    {
        var entry = new LogEntry(
            Stored: 1, Dropped: new Dictionary<string, long> { ["not_collected"] = 4 },
            Stripped: new Dictionary<string, long> { ["aws_request_agg.metadata.*"] = 2 },
            Counts: [new LoggedCount("s3", "PutObject", 200, 5)]);
        Is(
            Increments.OfAnonymous(entry, At, 0),
            """
            requests#2026-11-22 s3~h0#0: PutObject#200 5 else other#200
            ledger#2026-11-22 0: stored 1
            ledger#2026-11-22 0: dropped#not_collected 4
            ledger#2026-11-22 0: received 5
            ledger#2026-11-22 0: stripped#aws_request_agg.metadata.* 2
            """);
    }

    [Fact]
    public void Empty_items_add_nothing()
    {
        Assert.Empty(Increments.OfAnonymous(new LogEntry(), At, 0));
        Is(
            Increments.OfAnonymous(new LogEntry(Dropped: new Dictionary<string, long> { ["invalid"] = 1 }), At, 0),
            """
            ledger#2026-11-22 0: dropped#invalid 1
            ledger#2026-11-22 0: received 1
            """);
    }

    [Fact]
    public void Invocations_of_the_command_line_add_their_numbers() => Is(
        Increments.OfAnonymous(
            new LogEntry(Cli: [new("localstack start", []), new("localstack start", ["detached", "network"])]), At, 1),
        """
        cli#2026-11-22 ~h18#1: command#localstack start 1 else command#other room 65536 bytes
        cli#2026-11-22 ~h18#1: set#localstack start|detached,network 1 else command#other room 98304 bytes, then more#localstack start
        """);

    [Fact]
    public void Uses_of_features_add_their_numbers() => Is(
        Increments.OfAnonymous(
            new LogEntry(Features:
            [
                new("run_init", new Dictionary<string, string> { ["stage"] = "READY", ["kind"] = "b" },
                    [new("scripts", 2), new("duration_ms", 153, Histogram: true)]),
                new("plain", new Dictionary<string, string>()),
            ]), At, 2),
        """
        features#2026-11-22 run_init#2: set#kind=b,stage=READY#uses 1 else set#other=other#uses room 256000 bytes
        features#2026-11-22 run_init#2: set#kind=b,stage=READY#sum#scripts 2 else set#other=other#sum#scripts room 256000 bytes
        features#2026-11-22 run_init#2: set#kind=b,stage=READY#sum#duration_ms 153 else set#other=other#sum#duration_ms room 256000 bytes
        features#2026-11-22 run_init#2: set#kind=b,stage=READY#histogram#duration_ms#256 1 else set#other=other#histogram#duration_ms#256 room 256000 bytes
        features#2026-11-22 plain#2: set##uses 1 else set#other=other#uses room 256000 bytes
        """);

    [Fact]
    public void A_session_with_all_fields_adds_its_numbers()
    {
        var session = new RegisteredSession(
            SessionId, At, SessionStatus.Pro, "machine", "Linux", "2026.3.1", IsCi: true, IsDocker: true,
            new Dictionary<string, long> { ["session.payload.*"] = 1 });
        Is(
            Increments.OfSession(session, 4, Policies.Fingerprints),
            $"""
            ledger#2026-11-22 4: stored 1
            ledger#2026-11-22 4: received 1
            ledger#2026-11-22 4: stripped#session.payload.* 1
            sessions#2026-11-22 all#4: sessions 1
            sessions#2026-11-22 all#4: ci 1
            sessions#2026-11-22 all#4: docker 1
            sessions#2026-11-22 all#4: pro 1
            sessions#2026-11-22 all#4: version#2026.3.1 1 else version#other room 49152 bytes
            sessions#2026-11-22 all#4: system#Linux 1 else system#other
            machines#2026-11-22 {Policies.Fingerprints.MachineOfDay("machine", "2026-11-22")}: sessions 1
            """);
    }

    [Fact]
    public void A_session_with_no_optional_fields_adds_its_numbers() => Is(
        Increments.OfSession(
            new RegisteredSession(SessionId, At, SessionStatus.Community, null, null, null, false, false, new Dictionary<string, long>()),
            4, Policies.Fingerprints),
        """
        ledger#2026-11-22 4: stored 1
        ledger#2026-11-22 4: received 1
        sessions#2026-11-22 all#4: sessions 1
        """);

    [Fact]
    public void A_session_whose_owner_opted_out_adds_only_to_the_ledger() => Is(
        Increments.OfSession(
            new RegisteredSession(
                SessionId, At, SessionStatus.OptedOut, "machine", "Linux", "2026.3.1", true, true, new Dictionary<string, long>()),
            4, Policies.Fingerprints),
        """
        ledger#2026-11-22 4: dropped#opted_out 1
        ledger#2026-11-22 4: received 1
        """);

    [Theory]
    [InlineData(true, "ci")]
    [InlineData(false, "other")]
    public void An_activation_adds_its_numbers(bool isCi, string attribute) => Is(
        Increments.OfActivation(new RecordedActivation("credential", At, isCi)),
        $"activations#credential#2026-11 2026-11-22: {attribute} 1");

    [Fact]
    public void An_unreadable_record_adds_to_the_ledger_and_leaves_a_reference() => Is(
        LedgerMetric.UnreadableRecord(At, "shardId-1", "42", "receipt", 0),
        """
        ledger#2026-11-22 0: unreadable 1
        unreadable#2026-11-22 shardId-1|42|receipt: unreadable 1
        """);

    [Fact]
    public void Every_key_belongs_to_its_metric()
    {
        foreach (var metric in AllMetrics.List)
            Assert.Same(metric, AllMetrics.Of(new CounterKey(metric.OfDay("2026-11-22"), "group")));
        Assert.Throws<ArgumentException>(() => AllMetrics.Of(new CounterKey("requests", "group")));
        Assert.Throws<ArgumentException>(() => AllMetrics.Of(new CounterKey("requestsx2026-11-22", "group")));
        Assert.Throws<ArgumentException>(() => AllMetrics.Of(new CounterKey("nothings#2026-11-22", "group")));
    }

    [Theory]
    [InlineData("requests", null, true, false)]
    [InlineData("cli", null, true, true)]
    [InlineData("features", null, true, true)]
    [InlineData("sessions", null, true, true)]
    [InlineData("machines", "call", false, false)]
    [InlineData("ledger", null, true, false)]
    [InlineData("unreadable", "call", false, false)]
    [InlineData("stack", "call", false, true)]
    [InlineData("activations", "activation", false, false)]
    public void A_metric_is_kept_and_shown(string name, string? retention, bool isShownByDay, bool growsByNames) =>
        Assert.Equal(new Metric(name, retention, isShownByDay, growsByNames), AllMetrics.List.Single(metric => metric.Name == name));

    [Theory]
    [InlineData("stack#880c3de5-a2e9-4077-a334-3426cdeefe24", SessionId)]
    [InlineData("stacks#880c3de5-a2e9-4077-a334-3426cdeefe24", null)]
    [InlineData("requests#2026-11-22", null)]
    public void The_session_is_read_from_a_key(string metric, string? session) =>
        Assert.Equal(session, StackMetric.SessionOf(new CounterKey(metric, "total")));

    // The first marker of a day expires 90 days after the start of the day.
    [Theory]
    [InlineData(89, true)]
    [InlineData(90, false)]
    [InlineData(91, false)]
    public void Machines_are_known_while_their_markers_are_kept(int daysLater, bool known)
    {
        var day = new DateOnly(2026, 11, 22);
        Assert.Equal(known, SessionMetric.HasAllMachines(day, day.AddDays(daysLater), TimeSpan.FromDays(90)));
        Assert.Equal(new CounterKey("sessions#2026-11-22", "machines#"), SessionMetric.MachinesOf("2026-11-22"));
    }

    [Theory]
    [InlineData("3xx", false)]
    [InlineData("399", false)]
    [InlineData("400", true)]
    [InlineData("5xx", true)]
    public void Status_codes_from_400_count_as_failed(string status, bool failed) => Assert.Equal(failed, StatusCodes.IsError(status));

    private static void Is(IEnumerable<Increment> increments, string wanted) =>
        Assert.Equal(wanted.ReplaceLineEndings("\n").Split('\n'), increments.Select(Line));

    private static string Line(Increment one) =>
        FormattableString.Invariant($"{one.Key.Metric} {one.Key.Group}: {one.Attribute} {(one.IsTime ? "= " : "")}{one.Amount}")
        + (one.Otherwise is { } otherwise ? " else " + otherwise : "") + (one.Room is { } room ? Line(room, one.Otherwise) : "");

    private static string Line(Room room, string? otherwise) =>
        FormattableString.Invariant($" room {(room.Bytes == int.MaxValue ? room.Names : room.Bytes)}")
        + (room.Bytes == int.MaxValue ? " names" : " bytes") + (room.Otherwise == otherwise ? "" : ", then " + room.Otherwise);
}
