using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Api;
using Collector.Ingest;
using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Ingest;

/// <summary>A body is read in one pass, whatever the order of its members.</summary>
public class EnvelopeTests
{
    private const string Payload = """
        "payload": {"service": "sqs", "operation": "DeleteQueue", "status_code": 400, "bucket": "jane", "err_msg": "The queue 'jane' does not exist."}
        """;

    [Theory]
    [InlineData("\"name\": \"aws_request\", " + Payload)]
    [InlineData(Payload + ", \"name\": \"aws_request\"")]
    [InlineData("\"x\": {\"name\": \"cli_cmd\"}, \"name\": \"aws_request\", " + Payload)]
    [InlineData("\"\\u006eame\": \"aws\\u005frequest\", " + Payload)]
    public void An_event_is_recognised_by_its_name_wherever_the_name_appears(string members)
    {
        var verdict = Policies.Shipped.Clean(Events($$"""{"events": [{{{members}}}]}""").Single(), Tier.Pro);
        Assert.Equal("""{"service":"sqs","operation":"DeleteQueue","status_code":400,"err_msg":"The queue '‹…›' does not exist."}""", Written(verdict));
        Assert.Equal(1, verdict.Stripped.Single(field => field.Key == "aws_request.payload.*").Value);
    }

    [Theory]
    [InlineData("{\"name\": 7}")]
    [InlineData("{\"name\": null, \"name\": \"cli_cmd\"}")]
    [InlineData("{\"payload\": {\"name\": \"cli_cmd\"}}")]
    [InlineData("{}")]
    [InlineData("[{\"name\": \"cli_cmd\"}]")]
    [InlineData("\"cli_cmd\"")]
    [InlineData("17")]
    public void An_event_without_a_name_is_unknown_and_does_not_affect_its_neighbours(string unnamed)
    {
        var events = Events($$$"""{"events": [{{{unnamed}}}, {"name": "cli_cmd", "payload": {"cmd": "localstack start"}}, {{{unnamed}}}]}""");
        Assert.Equal([null, "cli_cmd", null], events.Select(untrusted => untrusted.Rule?.Name));
        Assert.Equal(Outcome.UnknownEvent, Policies.Shipped.Clean(events[0], Tier.Community).Reason);
        Assert.NotNull(Policies.Shipped.Clean(events[1], Tier.Community).Event);
    }

    [Theory]
    [InlineData("{\"name\": \"cli_cmd\", \"events\": [{\"name\": \"cli_cmd\"}, 1]}", 2)]
    [InlineData("{\"events\": 1, \"name\": \"cli_cmd\"}", 1)]
    [InlineData("{\"\\u0065vents\": [1, 2, 3]}", 3)]
    [InlineData("{\"payload\": {\"events\": [1, 2]}, \"name\": \"cli_cmd\"}", 1)]
    public void The_entries_of_the_events_list_are_the_events(string body, int events) => Assert.Equal(events, Events(body).Count);

    [Theory]
    [InlineData("{\"events\": [], \"events\": [{\"name\": \"cli_cmd\"}]}")]
    [InlineData("{\"events\": [{\"name\": \"cli_cmd\"}], \"events\": []}")]
    [InlineData("{\"events\": 7, \"events\": [{\"name\": \"cli_cmd\"}]}")]
    [InlineData("{\"events\": [{\"name\": \"cli_cmd\"}], \"\\u0065vents\": null}")]
    [InlineData("{\"name\": \"cli_cmd\", \"name\": \"run_init\"}")]
    [InlineData("{\"name\": \"cli_cmd\", \"payload\": {}, \"payload\": {\"cmd\": \"localstack start\"}}")]
    [InlineData("{\"events\": [], \"metadata\": {}, \"metadata\": {}}")]
    public void A_repeated_member_of_the_envelope_is_refused(string body) =>
        Assert.Equal(400, Assert.Throws<ProblemException>(() => Events(body)).Problem.Status);

    [Theory]
    [InlineData("{\"events\": [{\"name\": \"cli_cmd\", \"payload\": {\"cmd\": \"localstack start\"}}]}}")]
    [InlineData("{\"events\": [{\"name\": \"cli_cmd\", \"payload\": {\"cmd\": \"localstack start\"}}]} 1")]
    [InlineData("{\"events\": [{\"name\": \"cli_cmd\", \"payload\": {\"cmd\": \"localstack start\"}},]}")]
    [InlineData("{\"events\": [{\"name\": \"cli_cmd\", \"payload\": {\"cmd\": \"\\ud800\"}]")]
    public void A_body_that_is_not_json_to_its_end_is_refused(string body) =>
        Assert.Equal(400, Assert.Throws<ProblemException>(() => Events(body)).Problem.Status);

    [Fact]
    public void The_envelopes_names_may_be_escaped_even_beside_unreadable_text()
    {
        var events = Events("""{"\u0065vents": [{"name": "cli_cmd", "payload": {"cmd": "localstack start"}}, {"name": "\ud800"}]}""");
        Assert.Equal(["cli_cmd", null], events.Select(untrusted => untrusted.Rule?.Name));
    }

    [Theory]
    [InlineData(99_999, true)]
    [InlineData(100_000, false)]
    [InlineData(200_000, false)]
    public void A_session_payload_without_an_envelope_may_be_nested_as_deep_as_one_with_it(int levels, bool taken)
    {
        var deep = string.Concat(Enumerable.Repeat("[", levels)) + string.Concat(Enumerable.Repeat("]", levels));
        var body = Encoding.UTF8.GetBytes($$"""{"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24", "deep": {{deep}}}""");
        if (taken) Assert.NotNull(SessionEnvelope.Parse(body, Policies.Shipped).Event);
        else Assert.Equal(400, Assert.Throws<ProblemException>(() => SessionEnvelope.Parse(body, Policies.Shipped)).Problem.Status);
    }

    [Fact]
    public void The_session_that_an_event_names_is_the_session_that_is_stored()
    {
        const string Other = "a0000000-0000-4000-8000-000000000002";
        var call = Events($$$"""
            {"events": [{"name": "aws_request", "metadata": {"session_id": "a0000000-0000-4000-8000-000000000001"}, "metadata": {"session_id": "{{{Other}}}"}, {{{Payload}}}}]}
            """).Single();
        Assert.Equal(Other, call.Session);
        Assert.Equal(Other, Assert.IsType<CleanEvent.Call>(Policies.Shipped.Clean(call, Tier.Pro).Event).SessionId);
    }

    [Theory]
    [InlineData("cli_cmd")]
    [InlineData("ls_metrics")]
    [InlineData("config")]
    [InlineData("nobodys")]
    public void An_event_that_is_anonymous_or_not_collected_has_no_session(string name) => Assert.Null(
        Events($$$"""{"events": [{"name": "{{{name}}}", "metadata": {"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24"}}]}""").Single().Session);

    [Fact]
    public void A_list_is_read_up_to_its_limit_and_the_remaining_entries_are_counted()
    {
        string Body(int empty) => $$$"""
            {"events": [{"name": "aws_request_agg", "payload": {"api_calls": [{{{string.Concat(Enumerable.Repeat("{}, ", empty))}}}
             {"service": "s3", "operation": "PutObject", "status_code": 200, "count": 5}]}}]}
            """;
        var atMost = Policies.Shipped.Enforced.Events.Single(
            e => e.Name == "aws_request_agg").Fields!.Single(f => f.Type == FieldType.List).AtMost!.Value;
        var last = Policies.Shipped.Clean(Events(Body(atMost - 1)).Single(), Tier.Community);
        Assert.Equal((1, atMost - 1), (Assert.IsType<CleanEvent.Counts>(last.Event).Entries.Count, last.Stripped.Single().Value));
        Assert.Equal(Outcome.Invalid, Policies.Shipped.Clean(Events(Body(atMost)).Single(), Tier.Community).Reason);
    }

    /// <summary>Comparing such a name throws an exception; a body full of them must not cost an exception for each.</summary>
    [Fact]
    public void Unreadable_names_are_skipped()
    {
        var unreadable = string.Concat(Enumerable.Repeat("\"\\ud800\": 1, ", 200_000));
        Assert.Single(Events($$$"""{ {{{unreadable}}} "events": [{"name": "cli_cmd", "payload": {"cmd": "localstack start"}}]}"""));
    }

    [Fact]
    public void Cleaning_an_event_twice_reports_the_same_stripped_fields_each_time()
    {
        var untrusted = Events($$"""{"events": [{"name": "aws_request", {{Payload}}}]}""").Single();
        Assert.Equal(Policies.Shipped.Clean(untrusted, Tier.Community).Stripped,
            Policies.Shipped.Clean(untrusted, Tier.Community).Stripped);
    }

    private static IReadOnlyList<RawEvent> Events(string body) => Envelope.Parse(Encoding.UTF8.GetBytes(body), Policies.Shipped).Events;

    private static string Written(CleanResult verdict) => JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(
        LoggedCall.Of(Assert.IsType<CleanEvent.Call>(verdict.Event)), LogJson.Default.LoggedCall))!
        .ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
