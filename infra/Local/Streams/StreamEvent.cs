using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Collector.Local.Streams;

/// <summary>Writes the events that a mapping sends to a function.</summary>
internal static class StreamEvent
{
    /// <summary>The event without a tumbling window: only the records, without the shard's id.</summary>
    public static byte[] Write(IReadOnlyList<StreamRecord> records) => Write(records, _ => { });

    /// <param name="start">The window's first second, Unix time.</param>
    public static byte[] WriteWindow(
        IReadOnlyList<StreamRecord> records, long start, TimeSpan length, JsonObject state, string shardId, string streamArn, bool final,
            bool early) =>
        Write(records, json =>
        {
            json.WriteStartObject("window");
            json.WriteString("start", Iso(DateTimeOffset.FromUnixTimeSeconds(start)));
            json.WriteString("end", Iso(DateTimeOffset.FromUnixTimeSeconds(start) + length));
            json.WriteEndObject();
            json.WritePropertyName("state");
            state.WriteTo(json);
            json.WriteString("shardId", shardId);
            json.WriteString("eventSourceARN", streamArn);
            json.WriteBoolean("isFinalInvokeForWindow", final);
            json.WriteBoolean("isWindowTerminatedEarly", early);
        });

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static byte[] Write(IReadOnlyList<StreamRecord> records, Action<Utf8JsonWriter> more)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("Records");
            foreach (var record in records)
                record.Document.WriteTo(json);
            json.WriteEndArray();
            more(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
