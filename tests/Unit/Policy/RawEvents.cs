using System.Text;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>Parses the events of a request and cleans their fields.</summary>
internal static class RawEvents
{
    /// <summary>The events of one request.</summary>
    public static IReadOnlyList<RawEvent> Parse(CollectionPolicy policy, params IEnumerable<string> events) =>
        [.. Envelope.Parse(Encoding.UTF8.GetBytes($"{{\"events\": [{string.Join(',', events)}]}}"), policy).Events];

    /// <summary>The remaining fields of an event, and how often each field was stripped; null when the event is dropped.</summary>
    public static CleanFields? Fields(RawEvent untrusted, Tier tier, out IReadOnlyCollection<KeyValuePair<string, int>> stripped)
    {
        var cleaning = new Cleaning(Policies.Fingerprints, tier, untrusted.Memory, untrusted.Stripped.Copy());
        var fields = CleanFields.Apply(untrusted.Fields!, cleaning);
        stripped = cleaning.Stripped.Times;
        return fields;
    }
}
