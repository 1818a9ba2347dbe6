using System.Globalization;
using System.Text.Json;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>Reads the items that come down the streams: log items by their source, sessions by their start.</summary>
internal static class StreamImage
{
    /// <summary>
    /// What a change adds to the counters: nothing for a deletion or a session that was counted before; null when it cannot be read.
    /// </summary>
    public static List<Increment>? Increments(DynamoDBEvent.StreamRecord change, int shard, Fingerprints fingerprints)
    {
        if (change.NewImage is not { } image) return [];
        try
        {
            if (image.ContainsKey(EventsTable.Source)) return OfLogItem(image, shard);
            if (image.ContainsKey(ActivationsTable.ActivatedAt)) return OfActivation(image);
            return OfSession(image, change.OldImage, shard, fingerprints);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or InvalidDataException or JsonException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>
    /// What tells a log item from all others and holds neither its session nor a time: the last part of its receipt. Nothing for a session.
    /// </summary>
    public static string Reference(DynamoDBEvent.StreamRecord change) =>
        change.Keys?.GetValueOrDefault(EventsTable.Receipt)?.S is { } receipt ? receipt[(receipt.LastIndexOf('#') + 1)..] : "";

    private static List<Increment> OfLogItem(Dictionary<string, DynamoDBEvent.AttributeValue> image, int shard)
    {
        var entry = LogEntry.Unpack(image[EventsTable.Data].B ?? throw new InvalidDataException("no data"));
        return LogIncrements.Of(entry, EventsTable.SessionOf(image[EventsTable.Source].S!), Time(image[EventsTable.At]), shard);
    }

    // A session's item changes when it is registered and, once a day, when it sends; the former image tells what was counted before.
    private static List<Increment> OfSession(
        Dictionary<string, DynamoDBEvent.AttributeValue> image,
        Dictionary<string, DynamoDBEvent.AttributeValue>? old,
        int shard,
        Fingerprints fingerprints)
    {
        List<Increment> increments = image.ContainsKey(SessionsTable.StartedAt) && old?.ContainsKey(SessionsTable.StartedAt) != true
            ? SessionIncrements.Of(Session(image), shard, fingerprints) : [];
        if (Text(image, SessionsTable.ActiveOn) is not { } day || (old is not null && Text(old, SessionsTable.ActiveOn) == day)) return increments;
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) throw new InvalidDataException("no day");
        increments.Add(SessionIncrements.Active(day, shard));
        return increments;
    }

    private static List<Increment> OfActivation(Dictionary<string, DynamoDBEvent.AttributeValue> image) => ActivationIncrements.Of(
        Text(image, ActivationsTable.Credential) ?? throw new InvalidDataException("no credential"),
        Time(image[ActivationsTable.ActivatedAt]),
        Flag(image, ActivationsTable.IsCi));

    private static RegisteredSession Session(Dictionary<string, DynamoDBEvent.AttributeValue> image) => new(
        image[SessionsTable.Key].S!,
        Time(image[SessionsTable.StartedAt]),
        SessionStatus.Parse(image[SessionsTable.StandingName].S!),
        Text(image, "machine"),
        Text(image, "system"),
        Text(image, "version"),
        Flag(image, "is_ci"),
        Flag(image, "is_docker"),
        image.GetValueOrDefault(SessionsTable.Stripped)?.M?.ToDictionary(f => f.Key, f => Number(f.Value)) ?? []);

    private static DateTimeOffset Time(DynamoDBEvent.AttributeValue value) => DateTimeOffset.FromUnixTimeMilliseconds(Number(value));

    private static long Number(DynamoDBEvent.AttributeValue value) =>
        long.Parse(value.N ?? throw new InvalidDataException("not a number"), CultureInfo.InvariantCulture);

    private static string? Text(Dictionary<string, DynamoDBEvent.AttributeValue> image, string name) => image.GetValueOrDefault(name)?.S;

    private static bool Flag(Dictionary<string, DynamoDBEvent.AttributeValue> image, string name) => image.GetValueOrDefault(name)?.BOOL == true;
}
