using Amazon.Lambda.DynamoDBEvents;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>Turns a change from a table's stream into increments for the counters. Each table's class reads its own items.</summary>
internal static class StreamImage
{
    /// <summary>
    /// The increments of a change: none for a deletion or for a session that was counted before; null when the item cannot be read for any
    /// reason. An exception would stop the shard until its record expires, and an item that cannot be read now cannot be read later.
    /// </summary>
    public static List<Increment>? Increments(DynamoDBEvent.StreamRecord change, int shard, Fingerprints fingerprints)
    {
        if (change.NewImage is not { } image) return [];
        try
        {
            if (CallsTable.Holds(image))
            {
                var (sessionId, at, entry) = CallsTable.Read(image);
                return Metrics.Increments.OfCalls(entry, sessionId, at, shard);
            }

            if (AnonymousTable.Holds(image))
            {
                var (hour, entry) = AnonymousTable.Read(image);
                return Metrics.Increments.OfAnonymous(entry, hour, shard);
            }

            if (ActivationsTable.Holds(image)) return Metrics.Increments.OfActivation(ActivationsTable.Read(image));
            return OfSession(image, change.OldImage, shard, fingerprints);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Identifies a log item without its session or a time: the last part of its receipt. Empty for a session.</summary>
    public static string Reference(DynamoDBEvent.StreamRecord change) =>
        change.Keys?.TextOrNull(LogAttributes.Receipt) is { } receipt ? receipt[(receipt.LastIndexOf('#') + 1)..] : "";

    // A session's item changes when the session is registered, when it sends for the first time on a day, and when it calls a new service.
    // The old image shows what has been counted before.
    private static List<Increment> OfSession(
        Dictionary<string, DynamoDBEvent.AttributeValue> image,
        Dictionary<string, DynamoDBEvent.AttributeValue>? old,
        int shard,
        Fingerprints fingerprints)
    {
        List<Increment> increments =
            SessionsTable.IsStart(image, old) ? Metrics.Increments.OfSession(SessionsTable.Read(image), shard, fingerprints) : [];
        if (SessionsTable.NewlyActiveOn(image, old) is { } day) SessionMetric.AddActive(day, shard, increments);
        foreach (var (service, firstDay) in SessionsTable.NewServices(image, old))
            increments.Add(RequestMetric.Session(firstDay, service, shard));
        return increments;
    }
}
