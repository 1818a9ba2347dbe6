using System.Text;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>An ingest route answers every request with outcomes or a problem, never with 5xx, and other events are not lost.</summary>
public sealed class BadInputTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private const string Good = """{"name":"cli_cmd","payload":{"cmd":"localstack start"}}""";

    public static TheoryData<string> Routes() => ["session", "events", "requests", "cli", "features"];

    [SkippableTheory]
    [MemberData(nameof(Routes))]
    public async Task A_route_answers_bad_bodies_with_a_problem(string route)
    {
        foreach (var (what, body) in Bodies())
        {
            using var response = await collector.Post(route, body);
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{what}: {(int)response.StatusCode}");
            if (what != "11 MB") Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        }

        using var plain = await collector.Post(route, Encoding.UTF8.GetBytes(Good), "text/plain");
        Assert.Equal(415, (int)plain.StatusCode);
        using var none = await collector.Post(route, Encoding.UTF8.GetBytes(Good), null);
        Assert.Equal(route == "session" ? 400 : 200, (int)none.StatusCode);
    }

    [SkippableTheory]
    [InlineData("\"payload\":{\"service\":1,\"operation\":[],\"status_code\":{},\"api_calls\":7,\"cmd\":null,"
        + "\"params\":\"x\",\"stage\":2,\"scripts\":\"a\",\"duration\":true}")]
    [InlineData("\"payload\":null")]
    [InlineData("\"payload\":[[[]]]")]
    [InlineData("\"metadata\":17,\"payload\":\"x\"")]
    [InlineData("\"metadata\":{\"session_id\":{},\"client_time\":[]},\"payload\":{}")]
    [InlineData("\"metadata\":{\"session_id\":\"\\ud800\"},\"payload\":{}")]
    public async Task Wrong_types_in_every_field_cost_only_their_own_event(string members)
    {
        foreach (var name in new[] { "aws_request", "aws_request_agg", "cli_cmd", "lstk_command", "run_init", "config", "ls_metrics",
            "session", "unheard_of" })
        {
            using var response = await collector.Post("events", $$"""{"events":[{"name":"{{name}}",{{members}}},{{Good}}]}""");
            Assert.Equal(200, (int)response.StatusCode);
            var answer = await response.Json();
            // An earlier case may have sent the same bytes; the good event is then a duplicate.
            Assert.Equal((2, 1, 1),
                ((int)answer["received"]!, (int)answer["stored"]! + (int)answer["duplicates"]!, answer["dropped"]!.AsArray().Count));
        }
    }

    private static IEnumerable<(string What, byte[] Body)> Bodies()
    {
        yield return ("not JSON", "events"u8.ToArray());
        yield return ("not an object", "[1,2,3]"u8.ToArray());
        yield return ("empty", []);
        yield return ("truncated", Encoding.UTF8.GetBytes($$"""{"events":[{{Good}},{"name":"cli"""));
        yield return ("11 MB", Encoding.UTF8.GetBytes($"{{\"events\":[{{\"name\":\"{new string('x', 11_000_000)}\"}}]}}"));
        yield return ("invalid UTF-8", [(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        yield return ("nested too deep", Encoding.UTF8.GetBytes(new string('[', 10_000) + new string(']', 10_000)));
        yield return ("wrong types", "{\"events\":17,\"payload\":[],\"session_id\":{}}"u8.ToArray());
    }
}
