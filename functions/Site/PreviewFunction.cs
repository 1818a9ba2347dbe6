using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Site;

/// <summary>
/// <c>POST /policy/preview?tier=pro|all</c>: shows the parts of a request that the collector would keep, by the code that ingests. Nothing
/// is stored and nothing of the request is logged; the function has no table. It takes the bodies of <c>POST /events</c> and <c>POST
/// /session</c>.
/// </summary>
/// <param name="policy">
/// The policy with throwaway fingerprints (<see cref="Fingerprints.Throwaway"/>): shown values must not match stored ones.
/// </param>
internal sealed class PreviewFunction(CollectionPolicy policy)
{
    /// <summary>
    /// The largest body in bytes, after decompression. It is enough for a client's batch, and the answer stays far below Lambda's 6 MB.
    /// </summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>Events that are shown. Current clients send 20 at once.</summary>
    public const int MaxEvents = 50;

    /// <summary>Fields that are shown, over all events.</summary>
    public const int MaxFields = 2_000;

    public Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var tier = request.QueryOneOf("tier", "pro", "all") == "pro" ? Tier.Pro : Tier.Community;
        var body = RequestBody.ReadJson(request);
        if (body.Length > MaxBytes) throw Problem.TooLarge.With($"The body of a preview must not be larger than {MaxBytes / 1024} KB.");
        var envelope = Envelope.ParseAny(body, policy);
        // A single session is read as at its own route, where a damaged field does not cause the session to be refused.
        if (envelope is { TooMany: 0, Events: [{ Rule.Kind: EventKind.Session }] } or { IsList: false, Events: [{ Rule: null }] }
            && SessionEnvelope.Find(body, policy)?.Event is { } session) envelope = new Envelope([session]);
        var answer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(
            answer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, envelope, body, tier);
        }

        return Task.FromResult(Response.Text(Encoding.UTF8.GetString(answer.WrittenSpan), "application/json").Under(policy));
    }

    private void Write(Utf8JsonWriter json, Envelope envelope, byte[] body, Tier tier)
    {
        json.WriteStartObject();
        json.WriteString("tier", Name(tier));
        json.WriteNumber("received", envelope.Events.Count + envelope.TooMany);
        json.WriteStartArray("events");
        var shown = Math.Min(envelope.Events.Count, MaxEvents);
        int stored = 0, fields = 0;
        for (var i = 0; i < shown; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", i);
            if (Write(json, envelope.Events[i], body, tier, ref fields)) stored++;
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("stored", stored);
        json.WriteNumber("dropped", shown - stored);
        json.WriteBoolean("complete", shown == envelope.Events.Count + envelope.TooMany && fields <= MaxFields);
        json.WriteEndObject();
    }

    private bool Write(Utf8JsonWriter json, RawEvent untrusted, byte[] body, Tier tier, ref int fields)
    {
        // Sessions have their own route. An event that belongs to no session, or names none, is cleaned for the community tier.
        var isSession = untrusted.Rule is { Collected: true, Kind: EventKind.Session };
        var preview = new EventPreview(policy, body) { Tier = untrusted.Session is null ? Tier.Community : tier };
        var refusal = isSession ? policy.TrackEvents ? null : Outcome.OptedOut : Admission.Refusal(untrusted, endpoint: null, policy);
        var result = refusal is { } reason ? CleanResult.Dropped(reason) : policy.Clean(untrusted, preview.Tier, preview);
        if (untrusted.Rule is { } rule) json.WriteString("name", rule.Name);
        if (untrusted.Rule is { BelongsToSession: true }) json.WriteString("tier", Name(preview.Tier));
        fields += preview.Write(json, untrusted.Rule, result, MaxFields - fields);
        if (result.Event is null) return false;
        json.WriteStartArray("stored_as");
        if (isSession) preview.WriteValues(json);
        else WriteLogItems(json, result, body);
        json.WriteEndArray();
        return true;
    }

    private static string Name(Tier tier) => tier == Tier.Pro ? "pro" : "all";

    /// <summary>Writes the contents of the log items for the event, by the code that stores them.</summary>
    private void WriteLogItems(Utf8JsonWriter json, CleanResult result, byte[] body)
    {
        var batch = new LogBatch(body, policy.Fingerprints);
        batch.Add(result.Event!, result.Stripped);
        foreach (var item in batch.Items)
        {
            using var content = new MemoryStream();
            using (var gzip = new GZipStream(new MemoryStream(item.Pack()), CompressionMode.Decompress)) gzip.CopyTo(content);
            json.WriteRawValue(content.GetBuffer().AsSpan(0, (int)content.Length));
        }
    }
}
