using System.IO.Compression;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Collector.Ingest;
using Collector.Storage;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Ingest;

public class EventsFunctionTests
{
    private const string SessionId = "880c3de5-a2e9-4077-a334-3426cdeefe24";

    private static string Corpus(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "corpus", "protocol", file));

    private static IEnumerable<LogEntry> Log(IngestBench bench, string sourcePrefix) => bench.LogItems
        .Where(i => i["source"].S.StartsWith(sourcePrefix, StringComparison.Ordinal))
            .Select(i => LogEntry.Unpack(new MemoryStream(i["data"].B.ToArray())));

    [Fact]
    public async Task A_mixed_batch_of_a_pro_session_is_stored_by_kind()
    {
        var bench = new IngestBench();
        Assert.Equal("{\"track_events\":true}", (await bench.Session(Corpus("session.json"))).Body);
        var answer = IngestBench.Json(await bench.Post(Corpus("runtime-batch.json")));
        Assert.Equal((3, 3, 0, 0),
            ((int)answer["received"]!, (int)answer["stored"]!, (int)answer["duplicates"]!, answer["dropped"]!.AsArray().Count));
        var call = Assert.Single(Assert.Single(Log(bench, "session#" + SessionId)).Calls!);
        Assert.Equal(("sqs", "DeleteQueue", 400, "us-east-1", "000000000000"),
            (call.Service, call.Operation, call.StatusCode, call.Region, call.AccountId));
        Assert.Equal(2, Assert.Single(Log(bench, "counts#")).Counts!.Count);
        Assert.Equal("run_init", Assert.Single(Assert.Single(Log(bench, "features#")).Features!).Feature);
    }

    [Fact]
    public async Task A_repeated_batch_is_reported_as_duplicates_and_stores_nothing()
    {
        var bench = new IngestBench();
        await bench.Post(Corpus("runtime-batch.json"));
        var items = bench.LogItems.Count;
        var answer = IngestBench.Json(await bench.Post(Corpus("runtime-batch.json")));
        Assert.Equal((0, 3), ((int)answer["stored"]!, (int)answer["duplicates"]!));
        Assert.Equal(items, bench.LogItems.Count);
    }

    [Fact]
    public async Task Only_counts_are_kept_for_calls_of_an_unregistered_session()
    {
        var bench = new IngestBench();
        await bench.Post(Corpus("runtime-batch.json"));
        Assert.DoesNotContain(bench.LogItems, i => i["source"].S.StartsWith("session#", StringComparison.Ordinal));
        Assert.All(Log(bench, ""), entry => Assert.Null(entry.Calls));
        Assert.Contains(Log(bench, "counts#").SelectMany(e => e.Counts!), c =>
            c is { Service: "sqs", Operation: "DeleteQueue", StatusCode: 400, Count: 1 });
    }

    [Fact]
    public async Task A_batch_sent_before_and_again_after_its_session_is_stored_once()
    {
        var bench = new IngestBench();
        await bench.Post(Corpus("runtime-batch.json"));
        await bench.Session(Corpus("session.json"));
        var answer = IngestBench.Json(await bench.Post(Corpus("runtime-batch.json")));
        Assert.Equal((0, 3), ((int)answer["stored"]!, (int)answer["duplicates"]!));
    }

    [Fact]
    public async Task A_stored_cli_invocation_has_no_session_and_only_the_hour()
    {
        var bench = new IngestBench();
        await bench.Post(Corpus("cli.json"));
        var item = Assert.Single(bench.LogItems);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 7, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()
            .ToString(System.Globalization.CultureInfo.InvariantCulture), item["at"].N);
        Assert.Empty(bench.DynamoDb.Items("sessions"));
        Assert.Equal(["file"], Assert.Single(Assert.Single(Log(bench, "cli#")).Cli!).Parameters);
    }

    [Theory]
    [InlineData("""{"name":"config","payload":{"env_vars":{"A":"b"}}}""", "not_collected")]
    [InlineData("""{"name":"ls_metrics","payload":{"metrics":[]}}""", "not_collected")]
    [InlineData("""{"name":"no_such_event","payload":{}}""", "unknown_event")]
    [InlineData("""{"name":7}""", "unknown_event")]
    [InlineData("""17""", "unknown_event")]
    [InlineData("""{"name":"session","payload":{}}""", "wrong_endpoint")]
    [InlineData("""{"name":"aws_request","payload":{"service":"s3","operation":"PutObject","status_code":"200"}}""", "invalid")]
    [InlineData("""{"name":"aws_request","payload":{"service":"s3","operation":"PutObject"}}""", "invalid")]
    [InlineData("""{"name":"aws_request_agg","payload":{"api_calls":[{"service":"s3","operation":"PutObject","status_code":200,"count":1000001}]}}""", "implausible")]
    [InlineData("""{"name":"cli_cmd","payload":[]}""", "invalid")]
    [InlineData("""{"name":"run_init","payload":{"stage":"OTHER","scripts":1,"duration":1}}""", "invalid")]
    [InlineData("""{"name":"legacy","payload":{"event":"x"}}""", "not_collected")]
    [InlineData("""{"name":"auth_token_configured","payload":{"auth_token":"ls-token"}}""", "not_collected")]
    [InlineData("""{"name":"lambda:config","payload":null}""", "not_collected")]
    public async Task A_bad_event_is_dropped_with_its_reason_and_the_good_one_beside_it_is_kept(string bad, string reason)
    {
        var bench = new IngestBench();
        var answer = IngestBench.Json(await bench.Post($$$"""{"events":[{{{bad}}},{"name":"cli_cmd","payload":{"cmd":"localstack start","params":[]}}]}"""));
        Assert.Equal((2, 1), ((int)answer["received"]!, (int)answer["stored"]!));
        Assert.Equal((0, reason), ((int)answer["dropped"]![0]!["index"]!, (string?)answer["dropped"]![0]!["reason"]));
        Assert.Single(Log(bench, "cli#"));
        Assert.Equal(1, Assert.Single(Log(bench, "ledger#")).Dropped![reason]);
    }

    [Fact]
    public async Task Events_beyond_the_limit_of_a_batch_are_dropped()
    {
        var one = """{"name":"cli_cmd","payload":{"cmd":"localstack start"}}""";
        string Batch(int events) => $$"""{"events":[{{string.Join(',', Enumerable.Repeat(one, events))}}]}""";
        Assert.Equal(Limits.Events, (int)IngestBench.Json(await new IngestBench().Post(Batch(Limits.Events)))["stored"]!);
        var answer = IngestBench.Json(await new IngestBench().Post(Batch(Limits.Events + 3)));
        Assert.Equal(Limits.Events + 3, (int)answer["received"]!);
        Assert.Equal(("too_many", 3), ((string?)answer["dropped"]![0]!["reason"], (int)answer["dropped"]![0]!["events"]!));
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_cost_only_their_own_field()
    {
        byte[] body = [.. "{\"events\":[{\"name\":\"cli_cmd\",\"payload\":{\"cmd\":\"localstack start\",\""u8, 0xfe, .. "\":\""u8, 0xff, 0xfe,
            .. "\"}},{\"name\":\"cli_cmd\",\"payload\":{\"cmd\":\"localstack "u8, 0xff, .. "\"}},{\"name\":\"cli"u8, 0xff,
            .. "\",\"payload\":{\"cmd\":\"localstack stop\"}}]}"u8];
        var answer = IngestBench.Json(await new IngestBench().Post(body));
        Assert.Equal((3, 1), ((int)answer["received"]!, (int)answer["stored"]!));
        Assert.Equal(["invalid", "unknown_event"], answer["dropped"]!.AsArray().Select(dropped => (string?)dropped!["reason"]));
        Assert.Equal(1, (int)answer["stripped"]!["cli_cmd.payload.*"]!);
    }

    [Theory]
    [InlineData("\\ud83d", 2)]
    [InlineData("\\uDE00", 2)]
    [InlineData("\\ud83d\\ud83d", 2)]
    [InlineData("\\ud83d\\uDE00", 3)]
    [InlineData("\\\\ud83d", 3)]
    [InlineData("\\u00fc", 3)]
    public async Task Half_a_surrogate_pair_costs_only_its_own_field(string text, int stored)
    {
        var answer = IngestBench.Json(await new IngestBench().Post($$$"""
            {"events": [{"name": "cli_cmd", "payload": {"cmd": "localstack start", "x": "{{{text}}}", "{{{text}}}": 1}, "{{{text}}}": 1},
             {"{{{text}}}": 1, "name": "cli_cmd", "payload": {"cmd": "{{{text}}}"}}, {"name": "{{{text}}}"},
             {"name": "cli_cmd", "payload": {"cmd": "localstack stop"}}], "{{{text}}}": 1}
            """));
        Assert.Equal((4, stored), ((int)answer["received"]!, (int)answer["stored"]!));
        string[] reasons = stored == 2 ? ["invalid", "unknown_event"] : ["unknown_event"];
        Assert.Equal(reasons, answer["dropped"]!.AsArray().Select(dropped => (string?)dropped!["reason"]));
        Assert.Equal((2, stored - 1), ((int)answer["stripped"]!["cli_cmd.payload.*"]!, (int)answer["stripped"]!["cli_cmd.*"]!));
    }

    [Fact]
    public async Task Nesting_of_ten_thousand_levels_costs_only_its_own_field()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 10_000)) + string.Concat(Enumerable.Repeat("]", 10_000));
        var answer = IngestBench.Json(await new IngestBench().Post(
            $$$"""{"events":[{"name":"cli_cmd","payload":{"cmd":{{{deep}}}}},{"name":"cli_cmd","payload":{"cmd":"localstack stop","deep":{{{deep}}}}}]}"""));
        Assert.Equal((2, 1), ((int)answer["received"]!, (int)answer["stored"]!));
        Assert.Equal(1, (int)answer["stripped"]!["cli_cmd.payload.*"]!);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("{}", 400)]
    [InlineData("{\"events\":{}}", 400)]
    [InlineData("{\"events\":[]", 400)]
    [InlineData("not json", 400)]
    public async Task A_body_that_is_not_an_envelope_is_answered_with_a_problem(string body, int status)
    {
        var response = await new IngestBench().Post(body);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Headers!["Content-Type"]);
        Assert.Equal(status, (int)IngestBench.Json(response)["status"]!);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("text/html; charset=utf-8", 415)]
    [InlineData("application/xml", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data; boundary=application/json", 415)]
    [InlineData("application/octet-stream", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData("/", 415)]
    [InlineData("application/json; charset=latin1", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/json;charset=utf8", 200)]
    [InlineData("application/json;", 200)]
    [InlineData("application/json; charset", 200)]
    [InlineData("application/json; charset=\"UTF-8\"; version=1", 200)]
    [InlineData(" application/json ;charset=utf-8", 200)]
    [InlineData("application/json, application/json", 200)]
    [InlineData("APPLICATION/JSON", 200)]
    [InlineData("application/problem+json", 200)]
    [InlineData("text/json", 200)]
    [InlineData("json", 200)]
    [InlineData("", 200)]
    public async Task Only_content_types_that_are_clearly_not_json_are_refused(string contentType, int status) =>
        Assert.Equal(status, (await new IngestBench().Post(
        Encoding.UTF8.GetBytes(Corpus("cli.json")),
        headers: new Dictionary<string, string> { ["Content-Type"] = contentType })).StatusCode);

    [Fact]
    public async Task A_byte_order_mark_is_skipped()
    {
        byte[] mark = [0xef, 0xbb, 0xbf];
        var batch = await new IngestBench().Post([.. mark, .. Encoding.UTF8.GetBytes(Corpus("cli.json"))]);
        Assert.Equal(1, (int)IngestBench.Json(batch)["stored"]!);
        var packed = new Dictionary<string, string> { ["Content-Encoding"] = "x-gzip" };
        Assert.Equal(1, (int)IngestBench.Json(
            await new IngestBench().Post(Gzip([.. mark, .. Encoding.UTF8.GetBytes(Corpus("cli.json"))]), headers: packed))["stored"]!);
        Assert.Equal(400, (await new IngestBench().Post([.. mark, .. mark, .. Encoding.UTF8.GetBytes(Corpus("cli.json"))])).StatusCode);
    }

    [Fact]
    public async Task A_body_without_a_content_type_is_accepted() =>
        Assert.Equal(200, (await new IngestBench().Post(Encoding.UTF8.GetBytes(Corpus("cli.json")), headers: [])).StatusCode);

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("X-GZIP")]
    public async Task A_gzip_body_is_accepted_and_limited_after_decompression(string encoding)
    {
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json", ["content-encoding"] = encoding };
        Assert.Equal(200, (await new IngestBench().Post(Gzip(Encoding.UTF8.GetBytes(Corpus("cli.json"))), headers: headers)).StatusCode);
        Assert.Equal(413, (await new IngestBench().Post(Gzip(new byte[50_000_000]), headers: headers)).StatusCode);
        // API Gateway decompresses some bodies itself and keeps the header.
        Assert.Equal(200, (await new IngestBench().Post(Encoding.UTF8.GetBytes(Corpus("cli.json")), headers: headers)).StatusCode);
        Assert.Equal(400, (await new IngestBench().Post(
            Gzip(Encoding.UTF8.GetBytes(Corpus("cli.json")))[..40], headers: headers)).StatusCode);
    }

    [Fact]
    public async Task Every_other_route_accepts_only_its_own_kind_of_event()
    {
        var batch = Corpus("runtime-batch.json");
        Assert.Equal(2, (int)IngestBench.Json(await new IngestBench().Post(batch, "requests"))["stored"]!);
        Assert.Equal(1, (int)IngestBench.Json(await new IngestBench().Post(batch, "features"))["stored"]!);
        Assert.Equal(0, (int)IngestBench.Json(await new IngestBench().Post(batch, "cli"))["stored"]!);
        Assert.Equal(1, (int)IngestBench.Json(await new IngestBench().Post("""{"name":"cli_cmd","payload":{"cmd":"localstack start"}}""", "cli"))["stored"]!);
    }

    [Fact]
    public async Task An_unavailable_store_is_answered_with_503_for_a_batch_and_with_track_events_for_a_session()
    {
        var bench = new IngestBench();
        bench.DynamoDb.Before = _ => throw new ProvisionedThroughputExceededException("slow down");
        var batch = await bench.Post(Corpus("runtime-batch.json"));
        Assert.Equal((503, true), (batch.StatusCode, batch.Headers!.ContainsKey("Retry-After")));
        var session = await bench.Session(Corpus("session.json"));
        Assert.Equal((200, "{\"track_events\":true}"), (session.StatusCode, session.Body));
    }

    [Fact]
    public async Task A_deployment_that_does_not_track_answers_so_and_stores_no_event()
    {
        var bench = new IngestBench(Policies.With(track: false));
        Assert.Equal("{\"track_events\":false}", (await bench.Session(Corpus("session.json"))).Body);
        var answer = IngestBench.Json(await bench.Post(Corpus("runtime-batch.json")));
        Assert.All(answer["dropped"]!.AsArray(), d => Assert.Equal("opted_out", (string?)d!["reason"]));
        Assert.Empty(bench.DynamoDb.Items("sessions"));
        Assert.All(bench.LogItems, i => Assert.StartsWith("ledger#", i["source"].S, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_internal_test_run_is_not_tracked()
    {
        var bench = new IngestBench();
        Assert.Equal("{\"track_events\":false}", (await bench.Session(
            Corpus("session.json").Replace("\"is_testing\": false", "\"is_testing\": true", StringComparison.Ordinal))).Body);
        var answer = IngestBench.Json(await bench.Post(Corpus("runtime-batch.json")));
        Assert.Equal(0, (int)answer["stored"]!);
        Assert.DoesNotContain("credential", Assert.Single(bench.DynamoDb.Items("sessions")).Keys);
    }

    [Fact]
    public async Task A_session_may_be_sent_as_its_payload_alone_as_the_documentation_shows_it()
    {
        var bench = new IngestBench();
        Assert.Equal(200, (await bench.Session(
            """{"session_id":"f41119fd-af20-4d48-af92-2b8d69f8cf7e","machine_id":"1b6a2f12","api_key":"0123456789","system":"Linux","version":"1.0.5.dev","is_ci":false,"is_docker":true,"is_testing":false}""")).StatusCode);
        var item = Assert.Single(bench.DynamoDb.Items("sessions"));
        Assert.Equal(("pro", "Linux", "1.0.5.dev", true), (
            item["standing"].S, item["system"].S, item["version"].S, item["is_docker"].BOOL));
        Assert.DoesNotContain(item.Values, v => v.S is "0123456789" or "1b6a2f12");
    }

    [Fact]
    public async Task The_numbers_of_every_answer_add_up()
    {
        var bench = new IngestBench(Policies.Everything);
        foreach (var file in new[] { "runtime-batch.json", "cli.json", "lstk.json" })
        {
            var answer = IngestBench.Json(await bench.Post(Corpus(file)));
            var dropped = answer["dropped"]!.AsArray().Sum(d => (int?)d!["events"] ?? 1);
            Assert.Equal((int)answer["received"]!, (int)answer["stored"]! + (int)answer["duplicates"]! + dropped);
        }
    }

    private static byte[] Gzip(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        return packed.ToArray();
    }
}
