using System.Text;
using System.Text.Json.Nodes;
using Collector.Storage;
using Collector.Tests.Unit.Policy;
using Collector.Tests.Unit.Privacy;

namespace Collector.Tests.Unit.Ingest;

/// <summary>
/// Requests of real clients (corpus/clients.jsonl and clients-more.jsonl), each with its expected result. EndToEnd sends the same requests
/// to the native executable.
/// </summary>
public class ClientCaseTests
{
    public static TheoryData<int, string> Cases()
    {
        var data = new TheoryData<int, string>();
        foreach (var (i, line) in Lines.Index()) data.Add(i, (string)JsonNode.Parse(line)!["name"]!);
        return data;
    }

    private static readonly string[] Lines =
        [.. new[] { "clients.jsonl", "clients-more.jsonl" }.SelectMany(
            file => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "corpus", file)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_request_has_the_expected_result(int number, string name)
    {
        Assert.NotEmpty(name);
        var request = JsonNode.Parse(Lines[number])!;
        var expected = request["expect"]!;
        var body = (string?)request["encoding"] == "latin-1"
            ? Encoding.Latin1.GetBytes((string)request["body"]!) : Encoding.UTF8.GetBytes((string)request["body"]!);
        var headers = request["headers"]!.AsObject().ToDictionary(header => header.Key, header => (string)header.Value!);
        var path = ((string)request["path"]!).TrimStart('/');
        var bench = new IngestBench();
        var response = path == "session"
            ? await bench.Session(body, headers) : await bench.Post(body, path == "events" ? null : path, headers);
        Assert.Equal((int)expected["status"]!, response.StatusCode);
        if (response.StatusCode != 200) return;
        var answer = IngestBench.Json(response);
        if (expected["answer"] is { } wanted) Assert.Equal(wanted.ToJsonString(), answer.ToJsonString());
        if (expected["stored"] is { } stored) Assert.Equal((int)stored, (int)answer["stored"]!);
        foreach (var (dropped, i) in (expected["dropped"]?.AsArray() ?? []).Select((dropped, i) => (dropped!, i)))
        {
            Assert.Equal(
                ((string?)dropped["name"], (string?)dropped["reason"]),
                ((string?)answer["dropped"]![i]!["name"], (string?)answer["dropped"]![i]!["reason"]));
        }

        var tables = string.Concat(bench.LogItems.Concat(bench.DynamoDb.Items("sessions")).Select(Inspection.Text));
        foreach (var secret in expected["nowhere"]?.AsArray() ?? [])
            Assert.DoesNotContain((string)secret!, tables + response.Body + string.Concat(bench.Log.Lines),
                StringComparison.OrdinalIgnoreCase);
        if (path == "session") CompareSession(expected, Assert.Single(bench.DynamoDb.Items("sessions")));
        var log = bench.LogItems.Select(item => LogEntry.Unpack(new MemoryStream(item["data"].B.ToArray()))).ToList();
        if (expected["cli"] is { } cli) CompareCli(cli, log.SelectMany(entry => entry.Cli ?? []).Single());
        if (expected["features"] is { } features) CompareFeature(features, log.SelectMany(entry => entry.Features ?? []).Single());
    }

    private static void CompareSession(JsonNode expected, Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> item)
    {
        if (expected["tier"] is { } tier) Assert.Equal((string?)tier, item["standing"].S);
        foreach (var (field, value) in expected["session"]?.AsObject() ?? [])
        {
            const string fingerprint = "the fingerprint of ";
            var text = (string)value!;
            Assert.Equal(
                text.StartsWith(fingerprint, StringComparison.Ordinal)
                    ? Policies.Fingerprints.Credential(text[fingerprint.Length..]) : text, item[field].S);
        }
    }

    private static void CompareCli(JsonNode expected, LoggedInvocation invocation)
    {
        Assert.Equal((string?)expected["command"], invocation.Command);
        if (expected["parameters"] is JsonArray names) Assert.Equal(names.Select(name => (string?)name), invocation.Parameters);
    }

    private static void CompareFeature(JsonNode expected, LoggedFeature feature)
    {
        var sums = (feature.Sums ?? []).ToDictionary(sum => sum.Name, sum => sum.Amount);
        Assert.Equal((string?)expected["stage"], feature.Labels["stage"]);
        Assert.Equal((int)expected["scripts"]!, sums["scripts"]);
        Assert.Equal((string?)expected["duration"] == "none", !sums.ContainsKey("duration_ms"));
    }
}
