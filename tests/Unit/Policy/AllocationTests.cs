using System.Text;
using System.Text.Json.Nodes;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>
/// The bytes that reading and cleaning allocate, which are the same in every run. Each limit is one tenth above the need. An event's own
/// text is kept as bytes until it is written.
/// </summary>
public class AllocationTests
{
    private const int Events = 20;

    // The positions of the events in corpus/protocol/runtime-batch.json.
    [Theory]
    [InlineData(0, 1_250)]
    [InlineData(1, 1_100)]
    [InlineData(2, 800)]
    public void Reading_and_cleaning_an_event_allocates_at_most_its_limit(int recorded, int bytes)
    {
        var batch = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus", "protocol", "runtime-batch.json")))!;
        var events = Enumerable.Repeat(batch["events"]![recorded]!, Events).Select(one => one.DeepClone()).ToArray();
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["events"] = new JsonArray(events) }.ToJsonString());
        var policy = Policies.Everything;
        _ = Clean(body, policy);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var kept = Clean(body, policy);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Events, kept);
        Assert.InRange(allocated / Events, 1, bytes);
    }

    private static int Clean(byte[] body, CollectionPolicy policy)
    {
        var kept = 0;
        foreach (var untrusted in Envelope.Parse(body, policy).Events)
        {
            if (policy.Clean(untrusted, Tier.Pro).Event is not null) kept++;
        }

        return kept;
    }
}
