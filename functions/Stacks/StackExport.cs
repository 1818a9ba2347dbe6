using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// <c>GET /stacks/export</c>, with the auth token: everything that is stored under the token, page by page until there is no
/// <c>cursor</c>. The first page has the tracking preference, licence activations and their counters. The sessions follow, newest
/// first, each with its item, its counters and its calls. A session with many calls takes several pages, of which all but the first
/// contain only its id and calls.
/// </summary>
internal sealed class StackExport(
    AuthToken token, Cursors cursors, SessionExclusions marks, SessionsTable sessions, CallsTable log, CountersTable counters,
    ActivationsTable activations,
    TimeProvider time)
{
    /// <summary>
    /// The length at which a page ends, in bytes. An answer may have 6 MB, and its quotation marks are escaped once more.
    /// </summary>
    private const int EnoughBytes = 1_500_000;

    private const int SessionsPerQuery = 25;
    private const int ItemsPerQuery = 100;

    // Activations and their counters are kept for at most 400 days.
    private const int Months = 14;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var credentials = token.Require(request);
        var list = "export of " + credentials[0];
        var place = cursors.Open(list, request.Query("cursor")) is { } opened ? Place.Parse(opened) : null;
        var answer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(answer, Options))
        {
            json.WriteStartObject();
            if (place is null) await WriteOwner(json, credentials);
            json.WriteStartArray("sessions");
            var next = await WriteSessions(json, credentials, place);
            json.WriteEndArray();
            if (next is not null) json.WriteString("cursor", cursors.Seal(list, next.ToString()));
            json.WriteEndObject();
        }

        return Response.Text(Encoding.UTF8.GetString(answer.WrittenSpan), "application/json");
    }

    private async Task WriteOwner(Utf8JsonWriter json, IReadOnlyList<string> credentials)
    {
        json.WriteBoolean("track_events", await marks.Tracks(credentials));
        json.WriteStartArray("activations");
        foreach (var credential in credentials)
        {
            await foreach (var item in activations.Stored(credential)) item.WriteTo(json);
        }

        json.WriteEndArray();
        json.WriteStartArray("activation_counters");
        for (var back = 0; back < Months; back++)
        {
            var month = time.GetUtcNow().AddMonths(-back).ToString("yyyy-MM", CultureInfo.InvariantCulture);
            foreach (var credential in credentials) await WriteCounters(json, CreditMetric.OfMonth(credential, month));
        }

        json.WriteEndArray();
    }

    /// <summary>Writes sessions until the page is long enough. Returns where the next page begins, null at the end.</summary>
    private async Task<Place?> WriteSessions(Utf8JsonWriter json, IReadOnlyList<string> credentials, Place? place)
    {
        while (true)
        {
            var found = await sessions.StoredOfCredential(credentials, place?.After, SessionsPerQuery);
            foreach (var item in found)
            {
                var id = item.Text(SessionsTable.Key);
                var goesOn = place?.Session == id;
                json.WriteStartObject();
                json.WriteString(SessionsTable.Key, id);
                if (!goesOn) await WriteSession(json, item, id);
                var behind = await WriteCalls(json, id, goesOn ? place!.Behind : null);
                json.WriteEndObject();
                if (behind is not null) return new Place(place?.After, id, behind);
                place = new Place((item.Number(SessionsTable.StartedAt), id), null, null);
                if (IsEnough(json)) return place;
            }

            if (found.Count < SessionsPerQuery) return null;
        }
    }

    private async Task WriteSession(Utf8JsonWriter json, StoredItem item, string id)
    {
        json.WritePropertyName("item");
        item.WriteTo(json);
        json.WriteStartArray("counters");
        await WriteCounters(json, StackMetric.Of(id));
        json.WriteEndArray();
    }

    private async Task WriteCounters(Utf8JsonWriter json, string metric)
    {
        await foreach (var item in counters.Read(metric))
        {
            json.WriteStartObject();
            json.WriteString("group", item.Group);
            json.WriteStartObject("numbers");
            foreach (var (attribute, number) in item.Numbers) json.WriteNumber(attribute, number);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    /// <summary>
    /// Writes a session's calls as they are logged. Returns the last receipt when the page is long enough, null when
    /// the session is complete.
    /// </summary>
    private async Task<string?> WriteCalls(Utf8JsonWriter json, string sessionId, string? behind)
    {
        json.WriteStartArray("calls");
        do
        {
            var page = await log.Calls(sessionId, ReceiptRange.All, behind, null, null, newestFirst: false, ItemsPerQuery);
            foreach (var item in page.Items)
            {
                Write(json, item);
                behind = item.Receipt;
                if (!IsEnough(json)) continue;
                json.WriteEndArray();
                return behind;
            }

            behind = page.Behind;
        }
        while (behind is not null);
        json.WriteEndArray();
        return null;
    }

    private static void Write(Utf8JsonWriter json, LoggedCalls item)
    {
        try
        {
            foreach (var call in LogEntry.Unpack(item.Data).Calls ?? []) JsonSerializer.Serialize(
                json, StackEvent.Of(call, item.At), StackJson.Default.StackEvent);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            // Nobody can read it; the Aggregator has counted it as unreadable.
        }
    }

    private static bool IsEnough(Utf8JsonWriter json) => json.BytesCommitted + json.BytesPending > EnoughBytes;

    /// <summary>
    /// Where a page ended: after the session <paramref name="After"/>, and in the next one, <paramref name="Session"/>, after the log item
    /// <paramref name="Behind"/>. The last two are null when the page ended with a complete session.
    /// </summary>
    private sealed record Place((long StartedAt, string Id)? After, string? Session, string? Behind)
    {
        public static Place Parse(string place)
        {
            var parts = place.Split('\n');
            return new Place(
                parts[0].Length > 0 ? (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]) : null,
                parts[2].Length > 0 ? parts[2] : null,
                parts[3].Length > 0 ? parts[3] : null);
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{After?.StartedAt}\n{After?.Id}\n{Session}\n{Behind}");
    }
}
