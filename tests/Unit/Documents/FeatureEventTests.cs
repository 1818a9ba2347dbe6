using System.Text.Json;
using Collector.Policy;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Documents;

/// <summary>Adds a feature event exactly as docs/contributing.md shows it: with the lines of JSON that stand there, and no code.</summary>
public sealed class FeatureEventTests
{
    private const string Sent = """
        {"events": [
         {"name": "state_saved", "metadata": {"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24"}, "payload": {"trigger": "manual", "bytes": 4096}},
         {"name": "state_saved", "payload": {"trigger": "jane", "bytes": 1}}]}
        """;

    private static readonly EventDocument Added = JsonSerializer.Deserialize(
        MarkdownFile.Named("docs/contributing.md").Fences("json").Single(), PolicyJson.Default.EventDocument)!;

    [Fact]
    public async Task The_lines_of_the_document_are_enough()
    {
        var shipped = Policies.Shipped.Enforced;
        Assert.DoesNotContain(shipped.Events, e => e.Name == Added.Name);
        var bench = new IngestBench(Policies.Of(shipped with { Events = [.. shipped.Events, Added] }));

        var answer = IngestBench.Json(await bench.Post(Sent));
        Assert.Equal((1, "invalid"), ((int)answer["stored"]!, (string)answer["dropped"]![0]!["reason"]!));
        Assert.Equal(1, (int)answer["stripped"]!["state_saved.metadata.session_id"]!);

        await bench.Count();
        var numbers = bench.DynamoDb.Items("counters").Where(item => item.Values.Any(value => value.S?.Contains(Added.Name, StringComparison.Ordinal) == true))
            .SelectMany(item => item).Where(attribute => attribute.Value.N is not null).ToList();
        Assert.Contains(numbers, number => number.Value.N == "1");
        Assert.Contains(numbers, number => number.Key.EndsWith("bytes", StringComparison.Ordinal) && number.Value.N == "4096");
    }

    [Fact]
    public async Task Without_them_the_event_is_unknown()
    {
        var answer = IngestBench.Json(await new IngestBench().Post(Sent));
        Assert.Equal((0, "unknown_event"), ((int)answer["stored"]!, (string)answer["dropped"]![0]!["reason"]!));
    }
}
