using System.Text.Json;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Documents;

/// <summary>docs/protocol.md describes every event of the policy, and its examples are the recorded requests.</summary>
public sealed class ProtocolTests
{
    private static readonly MarkdownFile Document = MarkdownFile.Named("docs/protocol.md");

    [Fact]
    public void Every_event_of_the_policy_is_described()
    {
        var missing = Policies.Shipped.Enforced.Events.Select(e => e.Name)
            .Where(name => !Document.Text.Contains($"`{name}`", StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"docs/protocol.md lacks {string.Join(", ", missing)}: add a row to the table of events.");
    }

    [Fact]
    public void The_examples_are_the_recorded_requests()
    {
        var examples = Document.Fences("json").Select(Compact).ToHashSet(StringComparer.Ordinal);
        var folder = Path.Combine(AppContext.BaseDirectory, "corpus", "protocol");
        foreach (var file in new[] { "session.json", "runtime-batch.json", "cli.json", "lstk.json" })
        {
            var recorded = Compact(File.ReadAllText(Path.Combine(folder, file)));
            Assert.True(examples.Contains(recorded), $"docs/protocol.md does not show {file} as it was recorded.");
        }
    }

    private static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var compact = new MemoryStream();
        using (var writer = new Utf8JsonWriter(compact)) document.RootElement.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(compact.ToArray());
    }
}
