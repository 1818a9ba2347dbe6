using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Policy;
using Collector.Site;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Privacy;

namespace Collector.Tests.Unit.Site;

public class PreviewFunctionTests
{
    private const string Session = "64517be1-7dd0-479b-a8ec-88d3e544afd9";

    private const int Events = 10_000;

    [Fact]
    public async Task A_call_is_shown_field_by_field_with_the_rule_and_its_sentence()
    {
        var answer = await Json($$$"""
            {"name":"aws_request","metadata":{"session_id":"{{{Session}}}","client_time":"2022-08-30 12:27:25.556001"},"payload":{
             "service":"sqs","operation":"DeleteQueue","status_code":400,"err_type":"AWS.SimpleQueueService.NonExistentQueue",
             "err_msg":"The specified queue jane-secrets does not exist for this wsdl version.","stack_trace":"Traceback","is_internal":false,
             "region":"us-east-1","bucket":"janes-bucket","key":"janes-key","account_id":"jane"}}
            """);
        var call = answer["events"]![0]!;
        Assert.Equal(("stored", "aws_request", "pro"), ((string)call["outcome"]!, (string)call["name"]!, (string)call["tier"]!));
        Assert.Equal("kept", Outcome(call, "payload.service"));
        Assert.Equal("changed", Outcome(call, "payload.err_msg"));
        Assert.Equal("removed condition", Outcome(call, "payload.stack_trace"));
        Assert.Equal("kept", Outcome(call, "payload.region"));
        Assert.Equal("removed value", Outcome(call, "payload.account_id"));
        Assert.Equal("removed not_named", Outcome(call, "payload.*"));
        Assert.Equal(2, (int)Field(call, "payload.*")["times"]!);
        Assert.False((bool)Field(call, "payload.is_internal")["value"]!);
        Assert.Equal("The region user made the call to", (string)Field(call, "payload.region")["sentence"]!);
        Assert.Equal("redact_message", (string)Field(call, "payload.err_msg")["do"]!);
        Assert.DoesNotContain("jane", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((1, 1, 0, true), (
            (int)answer["received"]!, (int)answer["stored"]!, (int)answer["dropped"]!, (bool)answer["complete"]!));
    }

    [Theory]
    [InlineData("pro", "removed rule", "kept")]
    [InlineData("all", "removed rule", "removed pro_only")]
    public async Task The_tier_decides_which_fields_of_a_call_are_kept(string tier, string ofTheTime, string ofTheRegion)
    {
        var answer = await Json(
            $$$"""{"name":"aws_request","metadata":{"session_id":"{{{Session}}}"},"payload":{"service":"s3","operation":"PutObject","status_code":200,"region":"us-east-1"}}""", tier);
        Assert.Equal(ofTheRegion, Outcome(answer["events"]![0]!, "payload.region"));
        var counts = await Json("""{"name":"aws_request_agg","payload":{"period_start_time":"2026-11-22T07:32:46Z","api_calls":[{"service":"s3","operation":"PutObject","status_code":200,"count":5}]}}""", tier);
        Assert.Equal(ofTheTime, Outcome(counts["events"]![0]!, "payload.period_start_time"));
    }

    [Fact]
    public async Task A_call_without_a_session_is_treated_as_community_whatever_the_requested_tier()
    {
        var call = (await Json("""{"name":"aws_request","payload":{"service":"s3","operation":"PutObject","status_code":200,"region":"us-east-1"}}"""))["events"]![0]!;
        Assert.Equal("all", (string)call["tier"]!);
        Assert.Equal("removed pro_only", Outcome(call, "payload.region"));
    }

    [Theory]
    [InlineData("\"\\ud83d\"")]
    [InlineData("7")]
    public async Task A_session_whose_name_cannot_be_read_is_shown_as_its_route_takes_it(string name)
    {
        var session = (await Json($$$"""{"name":{{{name}}},"payload":{"session_id":"{{{Session}}}","version":"4.0.0"}}"""))["events"]![0]!;
        Assert.Equal(("session", "stored"), ((string)session["name"]!, (string)session["outcome"]!));
        var named = (await Json($$$"""{"name":"janes_event","payload":{"session_id":"{{{Session}}}"}}"""))["events"]![0]!;
        Assert.Equal("unknown_event", (string)named["reason"]!);
        Assert.Equal("unknown_event", (string)(await Json("""{"name":7}"""))["events"]![0]!["reason"]!);
    }

    [Fact]
    public async Task A_dropped_event_is_shown_with_its_reason()
    {
        var answer = await Json("""
            {"events":[{"name":"config","payload":{"env_vars":{"SECRET":"x"}}},{"name":"janes_event"},{"name":"license_activation"},
             {"name":"aws_request","payload":{"service":"s3"}}]}
            """);
        Assert.Equal(["not_collected", "unknown_event", "wrong_endpoint", "invalid"], answer["events"]!.AsArray()
            .Select(e => (string)e!["reason"]!));
        Assert.Equal("payload.operation", (string)answer["events"]![3]!["missing"]!);
        Assert.Null(answer["events"]![1]!["name"]);
        Assert.Equal((4, 0, 4), ((int)answer["received"]!, (int)answer["stored"]!, (int)answer["dropped"]!));
    }

    [Fact]
    public async Task The_fields_of_a_removed_entry_are_not_shown()
    {
        var counts = (await Json("""
            {"name":"aws_request_agg","payload":{"api_calls":[{"service":"s3","operation":"PutObject","status_code":200,"count":5,"err_type":"x"},
             {"service":"sqs","operation":"SendMessage","status_code":9,"count":5}]}}
            """))["events"]![0]!;
        Assert.DoesNotContain(counts["fields"]!.AsArray(), field => (int?)field!["entry"] == 1);
        Assert.Equal("removed entry", Outcome(counts, "payload.api_calls[]"));
        Assert.Equal("removed rule", Outcome(counts, "payload.api_calls[].err_type"));
        Assert.Equal(1, (int)counts["fields"]!.AsArray().Single(field => (string)field!["field"]! == "payload.api_calls")!["entries"]!);
    }

    [Theory]
    [InlineData("""{"name":"session","payload":{"session_id":"64517be1-7dd0-479b-a8ec-88d3e544afd9","api_key":"ls-AbCdEfGh-0123","machine_id":"dkr_0123456789ab"}}""")]
    [InlineData("""{"session_id":"64517be1-7dd0-479b-a8ec-88d3e544afd9","api_key":"ls-AbCdEfGh-0123","machine_id":"dkr_0123456789ab"}""")]
    public async Task A_previewed_session_has_other_fingerprints_than_a_stored_one(string body)
    {
        var preview = new PreviewFunction(
            CollectionPolicy.Load(new PolicySwitches(true, [], new Dictionary<string, int>()), Fingerprints.Throwaway()));
        var session = (await Json(body, preview: preview))["events"]![0]!;
        Assert.Equal("changed", Outcome(session, "payload.api_key"));
        foreach (var (field, stored) in new[]
        {
            ("payload.api_key", Policies.Fingerprints.Credential("ls-AbCdEfGh-0123")),
            ("payload.machine_id", Policies.Fingerprints.Machine("dkr_0123456789ab")),
        })
        {
            Assert.Matches("^[0-9a-f]{32}$", (string)Field(session, field)["value"]!);
            Assert.NotEqual(stored, (string)Field(session, field)["value"]!);
        }
    }

    [Fact]
    public async Task A_preview_is_limited_in_bytes_events_and_fields()
    {
        const string call = """{"name":"cli_cmd","payload":{"cmd":"localstack start"}}""";
        static string Batch(int events) => $"{{\"events\":[{string.Join(',', Enumerable.Repeat(call, events))}]}}";
        Assert.True((bool)(await Json(Batch(PreviewFunction.MaxEvents)))["complete"]!);
        var cut = await Json(Batch(PreviewFunction.MaxEvents + 1));
        Assert.False((bool)cut["complete"]!);
        Assert.Equal(PreviewFunction.MaxEvents, cut["events"]!.AsArray().Count);
        Assert.Equal(PreviewFunction.MaxEvents + 1, (int)cut["received"]!);

        var entries = string.Join(',', Enumerable.Repeat("""{"service":"s3","operation":"PutObject","status_code":200,"count":1}""", 600));
        var many = await Json($$$"""{"name":"aws_request_agg","payload":{"api_calls":[{{{entries}}}] } }""");
        Assert.False((bool)many["complete"]!);
        Assert.Equal(PreviewFunction.MaxFields, many["events"]![0]!["fields"]!.AsArray().Count);

        Assert.Equal(200, (await Post(call + new string(' ', PreviewFunction.MaxBytes - call.Length))).StatusCode);
        Assert.Equal(413, (await Post(call + new string(' ', PreviewFunction.MaxBytes - call.Length + 1))).StatusCode);
    }

    [Theory]
    [InlineData("nonsense", null, 400)]
    [InlineData("{}", null, 400)]
    [InlineData("""{"name":"cli_cmd"}""", "free", 400)]
    public async Task An_invalid_preview_request_is_answered_with_a_problem(string body, string? tier, int status) =>
        Assert.Equal((status, "application/problem+json"), (
            (await Post(body, tier)).StatusCode, (await Post(body, tier)).Headers!["Content-Type"]));

    [Fact]
    public async Task A_deployment_that_does_not_track_keeps_nothing_in_a_preview()
    {
        var preview = new PreviewFunction(Policies.With(track: false));
        foreach (var body in new[] { """{"name":"cli_cmd","payload":{"cmd":"localstack start"}}""", $$$"""{"session_id":"{{{Session}}}"}""" })
            Assert.Equal("opted_out", (string)(await Json(body, preview: preview))["events"]![0]!["reason"]!);
    }

    /// <summary>
    /// For every event, the preview reports as kept, dropped and removed exactly what ingest stores, drops and counts as stripped.
    /// </summary>
    [Fact]
    public async Task Preview_and_storage_never_differ()
    {
        var policy = Policies.Everything;
        var preview = new PreviewFunction(policy);
        var generator = new EventGenerator(20261125, policy.Enforced.Events);
        int stored = 0, sessions = 0;
        for (var i = 0; i < Events; i++)
        {
            var marker = generator.Marker();
            var pro = string.Create(CultureInfo.InvariantCulture, $"00000001-0000-4000-8000-{i:x12}");
            var untrusted = generator.Event(marker, pro);
            var json = untrusted.ToJsonString();
            var isSession = (untrusted["name"] as JsonValue)?.TryGetValue<string>(out var name) == true && name == "session";
            var bench = new IngestBench(policy);
            if (!isSession) await bench.Session($$$"""{"name":"session","payload":{"session_id":"{{{pro}}}","api_key":"ls-AbCdEfGh-0123","edition":"pro"}}""");
            var isPro = (untrusted["metadata"] as JsonObject)?["session_id"] is JsonValue id && id.TryGetValue<string>(out var text)
                && text == pro;
            var answer = await Json(json, isPro ? "pro" : "all", preview);
            var shown = answer["events"]![0]!;
            Assert.DoesNotContain(marker, answer.ToJsonString(), StringComparison.OrdinalIgnoreCase);
            if (isSession)
            {
                sessions++;
                Same(shown, await bench.Session(json), bench);
                continue;
            }

            var ingested = IngestBench.Json(await bench.Post(json));
            Assert.Equal((string?)ingested["dropped"]!.AsArray().FirstOrDefault()?["reason"], (string?)shown["reason"]);
            Assert.Equal((int)ingested["stored"]! == 1, (string?)shown["outcome"] == "stored");
            var logged = bench.LogItems.Where(item => !item["source"].S.StartsWith("ledger", StringComparison.Ordinal))
                .Select(Inspection.Content);
            Assert.Equal(logged.Order(StringComparer.Ordinal), (shown["stored_as"]?.AsArray() ?? [])
                .Select(item => item!.ToJsonString(Relaxed)).Order(StringComparer.Ordinal));
            Assert.Equal(
                ingested["stripped"]!.AsObject().Select(field => $"{field.Key} {field.Value}").Order(StringComparer.Ordinal),
                (shown["fields"]?.AsArray() ?? []).Where(field => (string)field!["outcome"]! == "removed")
                    .Select(field => $"{shown["name"]}.{field!["field"]} {field["times"]}").Order(StringComparer.Ordinal));
            if ((string?)shown["outcome"] == "stored") stored++;
        }

        Assert.True(stored > Events / 10, $"only {stored} of {Events} events were stored: the generator tests nothing");
        Assert.True(sessions > Events / 100, $"only {sessions} sessions were among the events");
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        // The encoding of log items.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    private static void Same(JsonNode shown, APIGatewayProxyResponse registered, IngestBench bench)
    {
        Assert.Equal(registered.StatusCode == 200, (string?)shown["outcome"] == "stored");
        if (registered.StatusCode != 200) return;
        var item = Assert.Single(bench.DynamoDb.Items("sessions"));
        var values = shown["stored_as"]![0]!.AsObject();
        foreach (var (name, value) in values.Where(value => value.Key != "tier"))
        {
            var kept = item[name];
            Assert.Equal(value!.ToString(), kept.S ?? (kept.BOOL is { } flag ? flag ? "true" : "false" : kept.N));
        }

        // Flags that were not sent are stored as false.
        Assert.Subset(
            new HashSet<string>([.. values.Select(value => value.Key), "standing", "started_at", "active_on", "expires_at", "policy",
                "stripped", "is_ci", "is_docker", "is_testing"]),
            item.Keys.ToHashSet());
        if (item.TryGetValue("stripped", out var stripped))
        {
            Assert.Equal(
                stripped.M.Select(field => $"{field.Key} {field.Value.N}").Order(StringComparer.Ordinal),
                shown["fields"]!.AsArray().Where(field => (string)field!["outcome"]! == "removed")
                    .Select(field => $"session.{field!["field"]} {field["times"]}").Order(StringComparer.Ordinal));
        }
    }

    private static JsonNode Field(JsonNode @event, string field) =>
        Assert.Single(@event["fields"]!.AsArray(), one => (string)one!["field"]! == field)!;

    private static string Outcome(JsonNode @event, string field) =>
        $"{Field(@event, field)["outcome"]} {Field(@event, field)["why"]}".Trim();

    private static async Task<JsonObject> Json(string body, string? tier = null, PreviewFunction? preview = null)
    {
        var answer = await Post(body, tier, preview);
        Assert.True(answer.StatusCode == 200, answer.Body);
        return JsonNode.Parse(answer.Body!)!.AsObject();
    }

    private static Task<APIGatewayProxyResponse> Post(string body, string? tier = null, PreviewFunction? preview = null) =>
        ApiFunction.Guard((preview ?? new PreviewFunction(Policies.Shipped)).Handle)(
            new APIGatewayProxyRequest
            {
                HttpMethod = "POST",
                Headers = new Dictionary<string, string> { ["content-type"] = "application/json" },
                QueryStringParameters = tier is null ? null : new Dictionary<string, string> { ["tier"] = tier },
                Body = Convert.ToBase64String(Encoding.UTF8.GetBytes(body)),
                IsBase64Encoded = true,
            },
            new TestContext());
}
