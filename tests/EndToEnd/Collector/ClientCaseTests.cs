using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>
/// Requests of real clients, each with its expected result: they are sent to a running collector, and its tables are inspected.
/// </summary>
public sealed class ClientCaseTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private static readonly string Corpus = Path.Combine(AppContext.BaseDirectory, "corpus");

    [SkippableTheory]
    [InlineData("clients.jsonl")]
    [InlineData("clients-more.jsonl")]
    public async Task Every_request_has_the_expected_result(string file)
    {
        RunningCollector.MustBeOfThisMachine();
        using var dynamoDb = new AmazonDynamoDBClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonDynamoDBConfig { ServiceURL = collector.DynamoDb.Endpoint.ToString(), AuthenticationRegion = "us-east-1" });
        var tables = (await dynamoDb.ListTablesAsync()).TableNames;
        var sessions = tables.Single(t => t.EndsWith("-sessions", StringComparison.Ordinal));
        var events = tables
            .Where(t => t.EndsWith("-calls", StringComparison.Ordinal) || t.EndsWith("-anonymous", StringComparison.Ordinal)).ToList();
        var seen = new HashSet<string>();
        await Log(dynamoDb, events, seen);
        var failures = new List<string>();
        var secrets = new HashSet<string>();
        foreach (var line in File.ReadLines(Path.Combine(Corpus, file)))
        {
            var request = JsonNode.Parse(line)!;
            var expected = request["expect"]!;
            foreach (var secret in expected["nowhere"]?.AsArray() ?? []) secrets.Add((string)secret!);
            using var response = await Send(request);
            var body = await response.Content.ReadAsStringAsync();
            var log = await Log(dynamoDb, events, seen);
            var differences = new List<string>();
            void Compare(string what, object? wanted, object? got)
            {
                if (!Equals(wanted?.ToString(), got?.ToString())) differences.Add($"{what} is {got}, not {wanted}");
            }

            Compare("status", expected["status"], (int)response.StatusCode);
            if (response.IsSuccessStatusCode)
            {
                var answer = JsonNode.Parse(body)!;
                if (expected["answer"] is { } wanted) Compare("answer", wanted.ToJsonString(), answer.ToJsonString());
                if (expected["stored"] is { } stored) Compare("stored", stored, answer["stored"]);
                foreach (var (dropped, i) in (expected["dropped"]?.AsArray() ?? []).Select((dropped, i) => (dropped!, i)))
                {
                    Compare("name", dropped["name"], answer["dropped"]![i]!["name"]);
                    Compare("reason", dropped["reason"], answer["dropped"]![i]!["reason"]);
                }

                if ((string?)request["path"] == "/session") await CompareSession(dynamoDb, sessions, request, Compare);
                if (expected["cli"] is { } cli) CompareCli(cli, log, Compare);
                if (expected["features"] is { } features) CompareFeature(features, log, Compare);
            }

            if (differences.Count > 0) failures.Add($"{request["name"]}: {string.Join("; ", differences)}");
        }

        Assert.Empty(failures);
        var all = await TableText.Of(collector.DynamoDb.Endpoint) + string.Join('\n', collector.Output);
        foreach (var secret in secrets) Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<HttpResponseMessage> Send(JsonNode request)
    {
        var encoding = (string?)request["encoding"] == "latin-1" ? Encoding.Latin1 : Encoding.UTF8;
        using var message = new HttpRequestMessage(
            new HttpMethod((string)request["method"]!), new Uri(collector.BaseAddress, ((string)request["path"]!).TrimStart('/')))
        {
            Content = new ByteArrayContent(encoding.GetBytes((string)request["body"]!)),
        };
        foreach (var (name, value) in request["headers"]!.AsObject())
        {
            if (!message.Content.Headers.TryAddWithoutValidation(name, (string)value!))
                message.Headers.TryAddWithoutValidation(name, (string)value!);
        }

        return await collector.Client.SendAsync(message);
    }

    // The fingerprint of a credential must equal that of a session with the same credential.
    private async Task CompareSession(
        AmazonDynamoDBClient dynamoDb, string table, JsonNode request, Action<string, object?, object?> compare)
    {
        var expected = request["expect"]!;
        var id = System.Text.RegularExpressions.Regex.Match(
            (string)request["body"]!, "\"session_id\": ?\"([0-9a-f-]{36})\"").Groups[1].Value;
        var item = await Session(dynamoDb, table, id);
        if (expected["tier"] is { } tier) compare("tier", tier, item?["standing"].S);
        foreach (var (field, value) in expected["session"]?.AsObject() ?? [])
        {
            const string fingerprint = "the fingerprint of ";
            var text = (string)value!;
            if (text.StartsWith(fingerprint, StringComparison.Ordinal))
            {
                var twin = new Guid(RandomNumberGenerator.GetBytes(16)).ToString("D");
                using var response = await collector.Post(
                    "session", $$"""{"session_id": "{{twin}}", "api_key": "{{text[fingerprint.Length..]}}"}""");
                text = (await Session(dynamoDb, table, twin))![field].S;
            }

            compare(field, text, item?.GetValueOrDefault(field)?.S);
        }
    }

    private static async Task<Dictionary<string, AttributeValue>?> Session(AmazonDynamoDBClient dynamoDb, string table, string id)
    {
        var answer = await dynamoDb.GetItemAsync(
            new GetItemRequest { TableName = table, Key = new() { ["session_id"] = new(id) }, ConsistentRead = true });
        return answer.Item is { Count: > 0 } item ? item : null;
    }

    private static void CompareCli(JsonNode expected, List<JsonNode> log, Action<string, object?, object?> compare)
    {
        var invocation = log.SelectMany(entry => entry["cli"]?.AsArray() ?? []).Single()!;
        compare("command", expected["command"], invocation["command"]);
        if (expected["parameters"] is { } names) compare("parameters", names.ToJsonString(), invocation["parameters"]!.ToJsonString());
        compare("members", "command parameters", string.Join(' ', invocation.AsObject().Select(member => member.Key)));
    }

    private static void CompareFeature(JsonNode expected, List<JsonNode> log, Action<string, object?, object?> compare)
    {
        var use = log.SelectMany(entry => entry["features"]?.AsArray() ?? []).Single()!;
        var sums = use["sums"]!.AsArray().ToDictionary(sum => (string)sum!["name"]!, sum => (long)sum!["amount"]!);
        compare("stage", expected["stage"], use["labels"]!["stage"]);
        compare("scripts", expected["scripts"], sums["scripts"]);
        compare("duration", expected["duration"], sums.ContainsKey("duration_ms") ? "some" : "none");
    }

    // The log items added since the last call.
    private static async Task<List<JsonNode>> Log(AmazonDynamoDBClient dynamoDb, List<string> tables, HashSet<string> seen)
    {
        var entries = new List<JsonNode>();
        foreach (var table in tables)
        {
            var request = new ScanRequest { TableName = table, ConsistentRead = true };
            do
            {
                var page = await dynamoDb.ScanAsync(request);
                foreach (var item in (page.Items ?? []).Where(item => seen.Add($"{item["source"].S} {item["receipt"].S}")))
                {
                    using var gzip = new GZipStream(item["data"].B, CompressionMode.Decompress);
                    entries.Add((await JsonNode.ParseAsync(gzip))!);
                }

                request.ExclusiveStartKey = page.LastEvaluatedKey;
            }
            while (request.ExclusiveStartKey is { Count: > 0 });
        }

        return entries;
    }
}
