using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Ingest;

/// <summary>
/// <c>POST /session</c>: any answer but 2xx silences a client, so a bad field never causes one.
/// </summary>
public class SessionFunctionTests
{
    private const string Id = "880c3de5-a2e9-4077-a334-3426cdeefe24";
    private const string Tracked = """{"track_events":true}""";

    [Theory]
    [InlineData("""{"payload":{"session_id":"ID","system":"Linux \ud83d","version":"2026.3.1"}}""")]
    [InlineData("""{"payload":{"session_id":"ID","version":"2026.3.1","\ud83d":1}}""")]
    [InlineData("""{"\udfff":1,"payload":{"session_id":"ID","version":"2026.3.1"}}""")]
    [InlineData("""{"name":"\ud83d","payload":{"session_id":"ID","version":"2026.3.1"}}""")]
    [InlineData("""{"name":7,"payload":{"session_id":"ID","version":"2026.3.1","is_ci":"yes","machine_id":[],"api_key":{}}}""")]
    [InlineData("""{"name":"session","metadata":5,"payload":{"session_id":"ID","version":"2026.3.1"}}""")]
    [InlineData("""{"name":"session","payload":{"version":"2026.3.1","session_id":"ID"},"payload":{"session_id":"x"}}""")]
    [InlineData("""{"name":"session","metadata":{"session_id":"ID"},"payload":{"version":"2026.3.1"}}""")]
    [InlineData("""{"name":"session","metadata":{"session_id":"ID"},"payload":{"session_id":null,"version":"2026.3.1"}}""")]
    [InlineData("""{"session_id":"ID","version":"2026.3.1","name":"of the machine"}""")]
    [InlineData("""{"session_id":"ID","version":"2026.3.1","x":"\ud83d"}""")]
    [InlineData("""{"events":[{"name":"session","payload":{"session_id":"ID","version":"2026.3.1"}}]}""")]
    [InlineData("""[{"name":"session","payload":{"session_id":"ID","version":"2026.3.1"}}]""")]
    [InlineData("""{"p\u0061yload":{"session\u005fid":"ID","version":"2026.3.1"}}""")]
    public async Task The_readable_fields_of_a_session_are_kept(string body)
    {
        var bench = new IngestBench();
        var response = await bench.Session(body.Replace("ID", Id, StringComparison.Ordinal));
        Assert.Equal((200, Tracked), (response.StatusCode, response.Body));
        var item = Assert.Single(bench.DynamoDb.Items("sessions"));
        Assert.Equal((Id, "2026.3.1", "community"), (item["session_id"].S, item["version"].S, item["standing"].S));
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_cost_only_their_own_field_of_a_session()
    {
        var bench = new IngestBench();
        byte[] body = [.. Encoding.UTF8.GetBytes($$"""{"payload":{"session_id":"{{Id}}","version":"2026.3.1","system":"Linux """), 0xff, .. "\"}}"u8];
        Assert.Equal(Tracked, (await bench.Session(body)).Body);
        Assert.Equal("2026.3.1", Assert.Single(bench.DynamoDb.Items("sessions"))["version"].S);
    }

    [Theory]
    [InlineData("""{"name":"aws_request","payload":{"session_id":"ID"}}""")]
    [InlineData("""{"name":"cli_cmd","metadata":{"session_id":"ID"},"payload":{"cmd":"localstack start"}}""")]
    public async Task Another_kind_of_event_is_dropped_without_silencing_the_client(string body)
    {
        var bench = new IngestBench();
        Assert.Equal(Tracked, (await bench.Session(body.Replace("ID", Id, StringComparison.Ordinal))).Body);
        Assert.Empty(bench.DynamoDb.Items("sessions"));
        Assert.StartsWith("ledger#", Assert.Single(bench.LogItems)["source"].S, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"session","payload":{"session_id":"my-laptop"}}""")]
    [InlineData("""{"name":"session","payload":{}}""")]
    [InlineData("""{"session_id":7}""")]
    [InlineData("""{"payload":7,"events":17,"session_id":{}}""")]
    [InlineData("""{"id":"880c3de5-a2e9-4077-a334-3426cdeefe24"}""")]
    [InlineData("""{"payload":{"session_id":"880c3de5-a2e9-4077-a334-3426cdeefe24"}""")]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("")]
    public async Task A_body_without_a_session_id_or_that_is_not_json_is_answered_with_a_problem(string body) =>
        Assert.Equal(400, (await new IngestBench().Session(body)).StatusCode);

    /// <summary>Every JSON body with a valid session_id under payload is answered with 200.</summary>
    [Fact]
    [Trait("Speed", "Seconds")]
    public async Task Any_body_with_a_session_id_under_its_payload_is_answered_with_200()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var before = Members(random, depth: 2);
            var inside = Members(random, depth: 2);
            var behind = Members(random, depth: 2);
            var body =
                $"{{{before}\"payload\": {{{inside}\"session_id\": \"{Id}\"{(random.Next(2) == 0 ? "" : ", \"version\": \"2026.3.1\"")}}}{(behind.Length == 0 ? "" : ", " + behind.TrimEnd(' ', ','))}}}";
            var response = await new IngestBench().Session(body);
            Assert.True(response.StatusCode == 200, $"seed {seed}: {response.StatusCode} {body}");
        }
    }

    [Theory]
    [InlineData("ls-token\\n")]
    [InlineData("\\\"ls-token\\\"")]
    [InlineData(" 'ls-token' \\r\\n")]
    [InlineData("\\ufeffls-token")]
    [InlineData("\\tls-token")]
    public async Task Whitespace_and_quotes_around_a_token_are_ignored(string token)
    {
        var bench = new IngestBench();
        await bench.Session($$$"""{"payload":{"session_id":"{{{Id}}}","api_key":"{{{token}}}"}}""");
        var item = Assert.Single(bench.DynamoDb.Items("sessions"));
        Assert.Equal((Policies.Fingerprints.Credential("ls-token"), "pro"), (item["credential"].S, item["standing"].S));
    }

    [Fact]
    public async Task A_session_that_sends_is_counted_as_active_once_per_day_and_its_retention_is_extended()
    {
        var bench = new IngestBench();
        await bench.Session($$$"""{"payload":{"session_id":"{{{Id}}}","api_key":"ls-token"}}""");
        var expiry = Expiry(bench);
        await bench.Post(Call(1));
        await bench.Post(Call(2));
        // One write registers the session, and one adds its first service.
        Assert.Equal((expiry, 2), (Expiry(bench), Writes(bench)));

        bench.Clock.Advance(TimeSpan.FromDays(1));
        await Task.WhenAll(bench.Post(Call(3)), bench.Post(Call(4)));
        await bench.Post(Call(5));
        Assert.Equal((expiry + 86_400, 3), (Expiry(bench), Writes(bench)));

        await bench.Count();
        await bench.Count();
        Assert.Equal([("2026-11-22", 1L, 1L), ("2026-11-23", 0L, 1L)], Days(bench));
    }

    [Fact]
    public async Task A_session_without_a_credential_is_active_too_and_is_counted_once_when_its_batch_comes_first()
    {
        var bench = new IngestBench();
        await bench.Post(Call(1));
        await bench.Session($$$"""{"payload":{"session_id":"{{{Id}}}"}}""");
        bench.Clock.Advance(TimeSpan.FromDays(2));
        await bench.Post(Call(2));
        await bench.Count();
        Assert.Equal([("2026-11-22", 1L, 1L), ("2026-11-24", 0L, 1L)], Days(bench));
    }

    [Fact]
    public async Task An_untracked_session_is_never_active()
    {
        var bench = new IngestBench();
        await bench.Session($$$"""{"payload":{"session_id":"{{{Id}}}","api_key":"ls-token","is_testing":true}}""");
        bench.Clock.Advance(TimeSpan.FromDays(1));
        await bench.Post(Call(1));
        await bench.Count();
        Assert.Equal(1, Writes(bench));
        Assert.Empty(Days(bench));
        Assert.DoesNotContain("active_on", Assert.Single(bench.DynamoDb.Items("sessions")).Keys);
    }

    private static string Call(int number) => $$$"""
        {"events":[{"name":"aws_request","metadata":{"session_id":"{{{Id}}}","client_time":"2026-11-22 07:00:0{{{number}}}"},
         "payload":{"service":"s3","operation":"PutObject","status_code":200}}]}
        """;

    private static long Expiry(IngestBench bench) =>
        long.Parse(Assert.Single(bench.DynamoDb.Items("sessions"))["expires_at"].N, CultureInfo.InvariantCulture);

    private static int Writes(IngestBench bench) => bench.DynamoDb.Stream.Count(change => change.Table == "sessions");

    private static IEnumerable<(string Day, long Started, long Active)> Days(IngestBench bench) => bench.DynamoDb.Items("counters")
        .Where(item => item["metric"].S.StartsWith("sessions#", StringComparison.Ordinal)
            && item["group"].S.StartsWith("all#", StringComparison.Ordinal))
        .Select(item => (item["metric"].S["sessions#".Length..], Number(item, "sessions"), Number(item, "active")))
            .OrderBy(day => day.Item1, StringComparer.Ordinal);

    private static long Number(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) ? long.Parse(value.N, CultureInfo.InvariantCulture) : 0;

    // Members, each followed by a comma: every kind of value under every kind of name, including the names of a session and repeated names.
    private static string Members(Random random, int depth) =>
        string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => $"{Name(random)}: {Json(random, depth)}, "));

    private static string Name(Random random) => random.Next(13) switch
    {
        0 => "\"name\"",
        1 => "\"metadata\"",
        2 => "\"events\"",
        3 => "\"session_id\"",
        4 => "\"payload\"",
        5 => "\"\\ud83d\"",
        6 => "\"api_key\"",
        7 => "\"edition\"",
        8 => "\"system\"",
        9 => "\"is_ci\"",
        10 => "\"\\u006eame\"",
        11 => "\"\"",
        _ => "\"x\"",
    };

    private static string Json(Random random, int depth) => random.Next(depth > 0 ? 12 : 9) switch
    {
        0 => "null",
        1 => "true",
        2 => "-1e400",
        3 => "\"session\"",
        4 => "\"\\udc00\\ud83d\"",
        5 => "\"aws_request\"",
        6 => "\"a0000000-0000-4000-8000-000000000001\"",
        7 => "\"\"",
        8 => "[]",
        9 => $"[{Json(random, depth - 1)}, {Json(random, depth - 1)}]",
        _ => $"{{{Members(random, depth - 1).TrimEnd(' ', ',')}}}",
    };
}
