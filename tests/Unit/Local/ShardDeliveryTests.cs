using System.Text.Json.Nodes;
using Collector.Local.Hosting;
using Collector.Local.Lambda;
using Collector.Local.Streams;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Local;

/// <summary>Retries, bisecting, partial failures and tumbling windows of an event source mapping.</summary>
public sealed class ShardDeliveryTests : IDisposable
{
    private const string Ok = """{"state": {}}""";
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 30, TimeSpan.Zero);
    private static readonly FunctionDefinition Function =
        new("F", "usage-F", "H", 128, TimeSpan.FromSeconds(3), new Dictionary<string, string>());

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("collector-delivery-");
    private readonly JumpingTime time = new(Now);
    private readonly List<ShardCheckpoint> saved = [];

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_successful_batch_advances_the_position()
    {
        var invoker = new ScriptedInvoker(_ => (InvocationOutcome.Succeeded, "null"));
        await Deliver(new MappingDefinition("M", "F", "t"), invoker, 3);
        Assert.Equal(["1,2,3"], invoker.Batches);
        Assert.Equal("3", Assert.Single(saved).Position);
    }

    [Fact]
    public async Task A_failed_batch_is_tried_again_with_growing_pauses_and_the_position_stays()
    {
        var failures = 8;
        var invoker = new ScriptedInvoker(_ =>
            failures-- > 0 ? (InvocationOutcome.FunctionError, "{}") : (InvocationOutcome.Succeeded, ""));
        await Deliver(new MappingDefinition("M", "F", "t"), invoker, 2);
        Assert.Equal(Enumerable.Repeat("1,2", 9), invoker.Batches);
        Assert.Single(saved);
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000], time.Waits.Select(wait => wait.TotalMilliseconds));
    }

    [Theory]
    [InlineData(InvocationOutcome.Died)]
    [InlineData(InvocationOutcome.TimedOut)]
    [InlineData(InvocationOutcome.InitFailed)]
    [InlineData(InvocationOutcome.FunctionError)]
    public async Task A_batch_whose_attempts_are_used_up_goes_to_the_failure_destination(object outcome)
    {
        var invoker = new ScriptedInvoker(numbers =>
            numbers.Contains("2") ? ((InvocationOutcome)outcome, "{}") : (InvocationOutcome.Succeeded, ""));
        var mapping = new MappingDefinition("M", "F", "t") { MaximumRetryAttempts = 2, HasFailureDestination = true };
        await Deliver(mapping, invoker, 3);
        Assert.Equal(["1,2,3", "1,2,3", "1,2,3"], invoker.Batches);
        Assert.Equal("3", saved[^1].Position);
        var failure = JsonNode.Parse(Assert.Single(File.ReadAllLines(FailureFile)))!;
        Assert.Equal("RetryAttemptsExhausted", (string?)failure["requestContext"]!["condition"]);
        Assert.Equal(3, (int?)failure["requestContext"]!["approximateInvokeCount"]);
        Assert.Equal("arn:aws:lambda:us-east-1:000000000000:function:usage-F", (string?)failure["requestContext"]!["functionArn"]);
        var batch = failure["DDBStreamBatchInfo"]!;
        Assert.Equal(("shard-1", "1", "3", 3, "arn:stream"), ((string?)batch["shardId"], (string?)batch["startSequenceNumber"],
            (string?)batch["endSequenceNumber"], (int?)batch["batchSize"], (string?)batch["streamArn"]));
        Assert.Equal("2026-11-22T12:00:01Z", (string?)batch["approximateArrivalOfFirstRecord"]);
    }

    [Fact]
    public async Task Bisecting_finds_the_bad_record_without_using_up_attempts_of_the_others()
    {
        var invoker = new ScriptedInvoker(numbers =>
            numbers.Contains("6") ? (InvocationOutcome.FunctionError, "{}") : (InvocationOutcome.Succeeded, ""));
        var mapping = new MappingDefinition("M", "F", "t") { MaximumRetryAttempts = 1, Bisect = true, HasFailureDestination = true };
        await Deliver(mapping, invoker, 8);
        Assert.Equal(["1,2,3,4,5,6,7,8", "1,2,3,4", "5,6,7,8", "5,6", "5", "6", "6", "7,8"], invoker.Batches);
        Assert.Equal(["4", "5", "6", "8"], saved.Select(checkpoint => checkpoint.Position));
        Assert.Equal("6", (string?)JsonNode.Parse(Assert.Single(File.ReadAllLines(FailureFile)))!["DDBStreamBatchInfo"]![
            "startSequenceNumber"]);
    }

    [Fact]
    public async Task A_partial_failure_is_tried_again_from_the_lowest_failed_record()
    {
        var first = true;
        var invoker = new ScriptedInvoker(_ =>
            (InvocationOutcome.Succeeded, Interlocked.Exchange(ref first, false) ? Failed("4", "3") : "{}"));
        await Deliver(new MappingDefinition("M", "F", "t") { ReportsItemFailures = true }, invoker, 5);
        Assert.Equal(["1,2,3,4,5", "3,4,5"], invoker.Batches);
        Assert.Equal(["2", "5"], saved.Select(checkpoint => checkpoint.Position));
    }

    [Theory]
    [InlineData("""{"batchItemFailures": [{"itemIdentifier": ""}]}""")]
    [InlineData("""{"batchItemFailures": [{"itemIdentifier": null}]}""")]
    [InlineData("""{"batchItemFailures": [{"other": "3"}]}""")]
    [InlineData("""{"batchItemFailures": [{"itemIdentifier": "77"}]}""")]
    [InlineData("not json")]
    public async Task An_identifier_that_matches_no_record_fails_the_whole_batch(string answer)
    {
        var first = true;
        var invoker = new ScriptedInvoker(_ => (InvocationOutcome.Succeeded, Interlocked.Exchange(ref first, false) ? answer : ""));
        await Deliver(new MappingDefinition("M", "F", "t") { ReportsItemFailures = true }, invoker, 3);
        Assert.Equal(["1,2,3", "1,2,3"], invoker.Batches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"batchItemFailures": []}""")]
    [InlineData("""{"batchItemFailures": null}""")]
    public async Task An_answer_without_failures_is_a_success(string answer)
    {
        var invoker = new ScriptedInvoker(_ => (InvocationOutcome.Succeeded, answer));
        await Deliver(new MappingDefinition("M", "F", "t") { ReportsItemFailures = true }, invoker, 3);
        Assert.Single(invoker.Batches);
    }

    [Fact]
    public async Task Partial_failures_are_ignored_when_the_mapping_does_not_enable_them()
    {
        var invoker = new ScriptedInvoker(_ => (InvocationOutcome.Succeeded, Failed("2")));
        await Deliver(new MappingDefinition("M", "F", "t"), invoker, 3);
        Assert.Single(invoker.Batches);
    }

    [Fact]
    public async Task Throttling_uses_up_no_attempt()
    {
        var throttled = 5;
        var invoker = new ScriptedInvoker(_ => throttled-- > 0 ? (InvocationOutcome.Throttled, "") : (InvocationOutcome.Succeeded, ""));
        await Deliver(new MappingDefinition("M", "F", "t") { MaximumRetryAttempts = 0, HasFailureDestination = true, Bisect = true },
            invoker, 2);
        Assert.Equal(Enumerable.Repeat("1,2", 6), invoker.Batches);
        Assert.False(File.Exists(FailureFile));
    }

    [Fact]
    public async Task Records_that_are_too_old_are_discarded_and_the_others_are_delivered()
    {
        var invoker = new ScriptedInvoker(_ => (InvocationOutcome.Succeeded, ""));
        // The records are 29, 28 and 27 seconds old.
        var mapping = new MappingDefinition("M", "F", "t") { MaximumRecordAge = TimeSpan.FromSeconds(28), HasFailureDestination = true };
        await Deliver(mapping, invoker, 3);
        Assert.Equal(["2,3"], invoker.Batches);
        var failure = JsonNode.Parse(Assert.Single(File.ReadAllLines(FailureFile)))!;
        Assert.Equal("RecordAgeExceeded", (string?)failure["requestContext"]!["condition"]);
        Assert.Equal("1", (string?)failure["DDBStreamBatchInfo"]!["endSequenceNumber"]);
    }

    [Fact]
    public async Task A_window_passes_its_state_on_and_ends_with_a_final_invocation()
    {
        var invoker = new ScriptedInvoker(numbers =>
            (InvocationOutcome.Succeeded, $$"""{"state": {"seen": "{{numbers.LastOrDefault()}}"} }"""));
        var delivery = Delivery(Windowed, invoker, new ShardCheckpoint());
        await delivery.Deliver(Records(1, 2), default);
        await delivery.Deliver(Records(3, 1), default);
        await delivery.EndWindow(early: false, default);
        Assert.Equal(["1,2", "3", ""], invoker.Batches);
        Assert.Equal(["", "2", "3"],
            invoker.Events.Select(e => e.GetProperty("state").TryGetProperty("seen", out var seen) ? seen.GetString() : ""));
        Assert.Equal([false, false, true], invoker.Events.Select(e => e.GetProperty("isFinalInvokeForWindow").GetBoolean()));
        var last = invoker.Events[^1];
        Assert.Equal(("shard-1", "arn:stream"), (last.GetProperty("shardId").GetString(), last.GetProperty("eventSourceARN").GetString()));
        Assert.Equal(("2026-11-22T12:00:00Z", "2026-11-22T12:01:00Z"),
            (last.GetProperty("window").GetProperty("start").GetString(), last.GetProperty("window").GetProperty("end").GetString()));
        Assert.Equal(new ShardCheckpoint("3"), saved[^1]);
    }

    [Fact]
    public async Task In_a_window_an_answer_without_a_state_counts_as_a_failure()
    {
        var first = true;
        var invoker = new ScriptedInvoker(_ =>
            (InvocationOutcome.Succeeded, Interlocked.Exchange(ref first, false) ? """{"batchItemFailures": []}""" : Ok));
        await Delivery(Windowed, invoker, new ShardCheckpoint()).Deliver(Records(1, 2), default);
        Assert.Equal(["1,2", "1,2"], invoker.Batches);
    }

    [Fact]
    public async Task The_final_invocation_of_a_window_is_repeated_until_it_succeeds()
    {
        var failures = 3;
        var invoker = new ScriptedInvoker(numbers =>
            numbers.Length == 0 && failures-- > 0 ? (InvocationOutcome.Died, "") : (InvocationOutcome.Succeeded, Ok));
        var delivery = Delivery(Windowed with { MaximumRetryAttempts = 0 }, invoker, new ShardCheckpoint());
        await delivery.Deliver(Records(1, 1), default);
        await delivery.EndWindow(early: false, default);
        Assert.Equal(["1", "", "", "", ""], invoker.Batches);
    }

    [Fact]
    public async Task A_state_over_1_MB_ends_the_window_early()
    {
        var invoker = new ScriptedInvoker(numbers =>
            (InvocationOutcome.Succeeded, $$"""{"state": {"big": "{{new string('x', numbers.Contains("1") ? 1024 * 1024 : 1)}}"} }"""));
        var delivery = Delivery(Windowed, invoker, new ShardCheckpoint());
        await delivery.Deliver(Records(1, 1), default);
        await delivery.Deliver(Records(2, 1), default);
        Assert.Equal([false, true, false], invoker.Events.Select(e => e.GetProperty("isWindowTerminatedEarly").GetBoolean()));
        Assert.Empty(invoker.Events[2].GetProperty("state").EnumerateObject());
        Assert.Equal(invoker.Events[0].GetProperty("window").ToString(), invoker.Events[2].GetProperty("window").ToString());
    }

    [Fact]
    public async Task A_window_continues_with_its_state_after_a_restart()
    {
        var invoker = new ScriptedInvoker(_ => (InvocationOutcome.Succeeded, Ok));
        var from = new ShardCheckpoint("1", false, Now.ToUnixTimeSeconds() - 30, new JsonObject { ["seen"] = "1" });
        await Delivery(Windowed, invoker, from).Deliver(Records(2, 1), default);
        Assert.Equal("1", invoker.Events[0].GetProperty("state").GetProperty("seen").GetString());
    }

    private static MappingDefinition Windowed { get; } =
        new("M", "F", "t") { TumblingWindow = TimeSpan.FromSeconds(60), ReportsItemFailures = true };

    private string FailureFile => Path.Combine(folder.FullName, "failures.jsonl");

    private static string Failed(params string[] numbers) =>
        $$"""{"batchItemFailures": [{{string.Join(',', numbers.Select(number => $$"""{"itemIdentifier": "{{number}}"}"""))}}]}""";

    private Task Deliver(MappingDefinition mapping, IInvoker invoker, int count) =>
        Delivery(mapping, invoker, new ShardCheckpoint()).Deliver(Records(1, count), default);

    private ShardDelivery Delivery(MappingDefinition mapping, IInvoker invoker, ShardCheckpoint from) => new(
        mapping, Function, invoker, new Shard("shard-1", null), "arn:stream", from, saved.Add,
        new FailureLog(FailureFile, new HostLog(TextWriter.Null), time), time);

    /// <summary>Records with these sequence numbers, one second apart, the first at 12:00:01.</summary>
    private static StreamRecord[] Records(int first, int count) => [.. Enumerable.Range(first, count).Select(number => new StreamRecord(
        $"{number}", Now.AddSeconds(number - 30), new JsonObject { ["dynamodb"] = new JsonObject { ["SequenceNumber"] = $"{number}" } },
            100))];
}
