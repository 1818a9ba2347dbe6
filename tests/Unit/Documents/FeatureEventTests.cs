using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Collector.Policy;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Documents;

/// <summary>Adds a feature event exactly as docs/contributing.md shows it: with the JSON lines printed there, and no code.</summary>
public sealed class FeatureEventTests
{
    private const string Sent = """
        {"events": [
         {"name": "state_saved", "metadata": {"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24"},
          "payload": {"trigger": "manual", "bytes": 4096}},
         {"name": "state_saved", "payload": {"trigger": "jane", "bytes": 1}}]}
        """;

    private static readonly EventDocument Added = JsonSerializer.Deserialize(
        MarkdownFile.Named("docs/contributing.md").Fences("json").Single(), PolicyJson.Default.EventDocument)!;

    [Fact]
    public async Task The_lines_of_the_document_suffice_to_add_the_event()
    {
        var shipped = Policies.Shipped.Enforced;
        Assert.DoesNotContain(shipped.Events, e => e.Name == Added.Name);
        var bench = new IngestBench(Policies.Of(shipped with { Events = [.. shipped.Events, Added] }));

        var answer = IngestBench.Json(await bench.Post(Sent));
        Assert.Equal((1, "invalid"), ((int)answer["stored"]!, (string)answer["dropped"]![0]!["reason"]!));
        Assert.Equal(1, (int)answer["stripped"]!["state_saved.metadata.session_id"]!);

        await bench.Count();
        // Whatever the shape of its counter item, the item names the event and holds one use and the sum.
        var counted = bench.DynamoDb.Items("counters")
            .SelectMany(item => item.Select(attribute => (item, attribute.Key, attribute.Value.N)))
            .Where(number => number.N is not null && Names(number.item, number.Key)).ToList();
        Assert.Contains(counted, number => number.N == "1");
        Assert.Contains(counted, number => number.N == "4096" && number.Key.Contains("bytes", StringComparison.Ordinal));
    }

    private static bool Names(Dictionary<string, AttributeValue> item, string attribute) =>
        attribute.Contains(Added.Name, StringComparison.Ordinal)
        || item.Values.Any(value => value.S?.Contains(Added.Name, StringComparison.Ordinal) == true);

    [Fact]
    public async Task Without_the_lines_the_event_is_unknown()
    {
        var answer = IngestBench.Json(await new IngestBench().Post(Sent));
        Assert.Equal((0, "unknown_event"), ((int)answer["stored"]!, (string)answer["dropped"]![0]!["reason"]!));
    }
}
