using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// Tests I1 with generated events: every field that reaches a table is named by policy.json for its kind and tier, and a marker in every
/// place that the policy does not allow is found nowhere.
/// </summary>
[Trait("Speed", "Slow")]
public class AllowListTests
{
    private const int EventsPerBatch = 100;

    // COLLECTOR_PROPERTY_EVENTS raises the number for a longer run.
    private static readonly int Events = int.TryParse(
        Environment.GetEnvironmentVariable("COLLECTOR_PROPERTY_EVENTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var events)
            ? events : 100_000;

    [Fact]
    public async Task Only_what_the_policy_names_reaches_a_table_a_log_line_a_metric_or_an_answer()
    {
        var policy = Policies.Everything;
        var generator = new EventGenerator(20261122, policy.Enforced.Events);
        int stored = 0, counters = 0;
        for (var sent = 0; sent < Events; sent += EventsPerBatch)
        {
            var bench = new IngestBench(policy);
            var marker = generator.Marker();
            var (pro, community) = (SessionId(sent, 1), SessionId(sent, 2));
            await bench.Session($$$"""{"name":"session","{{{marker}}}":"{{{marker}}}","payload":{"session_id":"{{{pro}}}","api_key":"{{{marker}}}","machine_id":"{{{marker}}}","system":"{{{marker}}}","version":"{{{marker}}}","is_ci":"{{{marker}}}","host":"{{{marker}}}"}}""");
            var batch = new JsonObject { ["events"] = new JsonArray(
                [.. Enumerable.Range(0, EventsPerBatch).Select(i => (JsonNode)generator.Event(marker, i % 2 == 0 ? pro : community))]) };
            var response = await bench.Post(
                Encoding.UTF8.GetBytes(batch.ToJsonString()),
                headers: new Dictionary<string, string> { ["Content-Type"] = "application/json", ["User-Agent"] = marker,
                    ["Localstack-Session-ID"] = marker, [marker] = marker },
                change: request =>
                {
                    request.Path = "/events/" + marker;
                    request.QueryStringParameters = new Dictionary<string, string> { [marker] = marker };
                    request.PathParameters = new Dictionary<string, string> { ["proxy"] = marker };
                    request.RequestContext = new() { Identity = new() { SourceIp = marker, UserAgent = marker } };
                });

            await bench.Count();
            Assert.DoesNotContain(bench.Metrics, line => line.Contains(marker, StringComparison.OrdinalIgnoreCase));
            foreach (var item in bench.DynamoDb.Items("counters"))
            {
                Assert.DoesNotContain(marker, Inspection.Text(item), StringComparison.OrdinalIgnoreCase);
                Assert.Equal(policy.HashBytes, item["policy"].B.ToArray());
                counters++;
            }

            Assert.Equal(200, response.StatusCode);
            var answer = IngestBench.Json(response);
            stored += (int)answer["stored"]!;
            Assert.Equal(EventsPerBatch, (int)answer["received"]!);
            Assert.Equal(EventsPerBatch, (int)answer["stored"]! + (int)answer["duplicates"]! + answer["dropped"]!.AsArray().Count);
            Assert.DoesNotContain(marker, response.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(response.Headers!, h => h.Value.Contains(marker, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(bench.Log.Lines, line => line.Contains(marker, StringComparison.OrdinalIgnoreCase));
            foreach (var item in bench.LogItems)
            {
                Assert.DoesNotContain(marker, Inspection.Text(item), StringComparison.OrdinalIgnoreCase);
                OnlyAllowed(item, policy.Enforced, pro);
            }

            foreach (var item in bench.DynamoDb.Items("sessions"))
            {
                Assert.DoesNotContain(marker, Inspection.Text(item), StringComparison.OrdinalIgnoreCase);
                Assert.Subset(Allowed(policy.Enforced, "session", "session_id", "standing", "started_at", "active_on", "expires_at",
                    "policy", "stripped", "services"), item.Keys.ToHashSet());
                // Only for a Pro session does the policy keep the services it called, each with the day of the first call.
                Assert.All(
                    item.GetValueOrDefault("services")?.SS ?? [], service => Assert.Matches("^[a-z0-9-]+\\|\\d{4}-\\d{2}-\\d{2}$", service));
                if (item["standing"].S != "pro") Assert.DoesNotContain("services", item);
            }
        }

        Assert.True(counters > Events / 10, $"only {counters} counter items were examined");
        Assert.True(stored > Events / 10, $"only {stored} of {Events} events were stored: the generator tests nothing");
    }

    private static void OnlyAllowed(Dictionary<string, AttributeValue> item, PolicyDocument policy, string pro)
    {
        Assert.Subset(new HashSet<string> { "source", "receipt", "at", "data", "policy", "expires_at" }, item.Keys.ToHashSet());
        var content = JsonNode.Parse(Inspection.Content(item))!.AsObject();
        var anonymous = !item["source"].S.StartsWith("session#", StringComparison.Ordinal);
        if (anonymous)
        {
            Assert.Equal(0, long.Parse(item["at"].N, CultureInfo.InvariantCulture) % 3_600_000);
            Assert.DoesNotContain(pro, Inspection.Text(item), StringComparison.Ordinal);
        }

        var members = content.Select(m => m.Key).Except(["stored", "dropped", "stripped"]).ToList();
        Assert.True(members.Count <= 1, "an item holds one kind of event");
        foreach (var field in content["stripped"]?.AsObject() ?? []) Assert.Contains(KnownPaths(policy), path => path == field.Key);
        foreach (var call in content["calls"]?.AsArray() ?? []) Assert.Subset(Allowed(policy, "aws_request"), Keys(call!));
        foreach (var count in content["counts"]?.AsArray() ?? []) Assert.Equal(
            new HashSet<string> { "service", "operation", "status_code", "count" }, Keys(count!));
        foreach (var cli in content["cli"]?.AsArray() ?? []) Assert.Subset(Allowed(policy, "cli_cmd"), Keys(cli!));
        foreach (var use in content["features"]?.AsArray() ?? [])
        {
            var allowed = Allowed(policy, (string)use!["feature"]!);
            Assert.Subset(allowed, Keys(use["labels"]!));
            Assert.Subset(allowed, (use["sums"]?.AsArray() ?? []).Select(s => (string)s!["name"]!).ToHashSet());
        }
    }

    private static HashSet<string> Keys(JsonNode node) => [.. node.AsObject().Select(m => m.Key)];

    private static HashSet<string> Allowed(PolicyDocument policy, string name, params string[] more) =>
        [.. policy.Events.Single(e => e.Name == name).Fields!.Where(f => f.As is not null).Select(f => f.As!), .. more];

    // The paths of the rules, and for other members the path of the object that contained them.
    private static HashSet<string> KnownPaths(PolicyDocument policy) =>
    [
        .. from e in policy.Events
           from field in e.Fields ?? []
           from end in Enumerable.Range(0, field.Field.Length + 1).Where(i => i == field.Field.Length || field.Field[i] is '.' or '[')
           let path = $"{e.Name}.{field.Field[..end]}"
           from form in new[] { path, path + ".*", path + "[]", path + "[].*", e.Name + ".*" }
           select form,
    ];

    private static string SessionId(int batch, int which) =>
        string.Create(CultureInfo.InvariantCulture, $"{which:x8}-0000-4000-8000-{batch:x12}");
}
