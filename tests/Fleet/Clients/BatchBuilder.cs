using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Ingest;
using Collector.Policy;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet.Clients;

/// <summary>Builds a client's requests as protocol.md describes them, and records how each must change the counts.</summary>
internal sealed class BatchBuilder(CollectionPolicy policy, IReadOnlyDictionary<string, string> headers)
{
    private readonly JsonArray events = [];
    private readonly Dictionary<string, long> rows = new(StringComparer.Ordinal);

    public int Count => events.Count;

    public void AwsRequest(JsonObject metadata, JsonObject payload)
    {
        Stored("aws_request", metadata, payload);
        Add(Row.Calls((string)payload["service"]!, (string)payload["operation"]!, (int)payload["status_code"]!), 1);
    }

    /// <summary>Records that the batch has the session's first call of a service.</summary>
    public void FirstCall(string service) => rows[Row.CallingSessions(service)] = 1;

    public void AwsRequestAgg(JsonObject metadata, JsonObject payload)
    {
        Stored("aws_request_agg", metadata, payload);
        foreach (var call in payload["api_calls"]!.AsArray())
            Add(Row.Calls((string)call!["service"]!, (string)call["operation"]!, (int)call["status_code"]!), (int)call["count"]!);
    }

    public void RunInit(JsonObject metadata, string stage, int scripts, double duration)
    {
        Stored("run_init", metadata, new JsonObject { ["stage"] = stage, ["scripts"] = scripts, ["duration"] = duration });
        var labels = "stage=" + stage;
        var rounded = (long)Math.Round(duration, MidpointRounding.AwayFromZero);
        Add(Row.Uses("run_init", labels), 1);
        Add(Row.Sum("run_init", labels, "scripts"), scripts);
        Add(Row.Sum("run_init", labels, "duration_ms"), rounded);
        Add(Row.Histogram("run_init", labels, "duration_ms", rounded <= 0 ? 0 : (long)BitOperations.RoundUpToPowerOf2((ulong)rounded)), 1);
    }

    /// <param name="parameters">Names as the usage API shows them: sorted, without dashes.</param>
    public void Cli(string name, JsonObject metadata, JsonObject payload, string command, IEnumerable<string> parameters)
    {
        Stored(name, metadata, payload);
        Add(Row.Invocations(command, parameters), 1);
    }

    /// <summary>Adds an event that must be dropped.</summary>
    public void Dropped(string name, JsonObject metadata, JsonObject payload, string reason)
    {
        Put(name, metadata, payload);
        Add(Row.Received, 1);
        Add(Row.Dropped(reason), 1);
    }

    /// <summary>Returns the request, and begins a new one.</summary>
    public Batch Build()
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["events"] = events.DeepClone() }.ToJsonString());
        return new Batch("events", body, headers, rows, new(MostStripped), events.Count);
    }

    /// <summary>A session's request, which is a single event and not a list.</summary>
    public static Batch Session(CollectionPolicy policy, IReadOnlyDictionary<string, string> headers, JsonObject metadata,
        JsonObject payload)
    {
        var session = new JsonObject { ["name"] = "session", ["metadata"] = metadata, ["payload"] = payload };
        var json = session.ToJsonString();
        var rows = new Dictionary<string, long>
        {
            [Row.Received] = 1, [Row.Stored] = 1, [Row.Sessions("sessions")] = 1, [Row.Sessions("docker")] = 1,
            [Row.Sessions("version", (string)payload["version"]!)] = 1,
        };
        if ((bool)payload["is_ci"]!) rows[Row.Sessions("ci")] = 1;
        if ((string)payload["edition"]! == "pro") rows[Row.Sessions("pro")] = 1;
        return new Batch("session", Encoding.UTF8.GetBytes(json), headers, rows, new(Stripped), 1);

        IReadOnlyDictionary<string, long> Stripped()
        {
            return policy.Clean(Sent(json, policy), Tier.Community).Stripped.ToDictionary(s => s.Key, s => (long)s.Value);
        }
    }

    private void Stored(string name, JsonObject metadata, JsonObject payload)
    {
        Put(name, metadata, payload);
        Add(Row.Received, 1);
        Add(Row.Stored, 1);
    }

    private void Put(string name, JsonObject metadata, JsonObject payload) =>
        events.Add(new JsonObject { ["name"] = name, ["metadata"] = metadata.DeepClone(), ["payload"] = payload });

    private void Add(string row, long amount) => rows[row] = rows.GetValueOrDefault(row) + amount;

    // How many fields an event loses depends on whether its session is known to be Pro: the upper bound is the larger
    // number for each field.
    private Dictionary<string, long> MostStripped()
    {
        var most = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var entry in events)
        {
            var untrusted = Sent(entry!.ToJsonString(), policy);
            var tiers = new[] { Tier.Community, Tier.Pro }.Select(tier => policy.Clean(untrusted, tier).Stripped.ToDictionary()).ToList();
            foreach (var field in tiers.SelectMany(stripped => stripped.Keys).Distinct())
                most[field] = most.GetValueOrDefault(field) + tiers.Max(stripped => stripped.GetValueOrDefault(field));
        }

        return most;
    }

    private static RawEvent Sent(string json, CollectionPolicy policy) => Envelope.Parse(Encoding.UTF8.GetBytes(json), policy).Events[0]!;

    /// <summary>The metadata of an event: its session and the client's clock.</summary>
    public static JsonObject Metadata(string session, DateTime clientTime) => new()
    {
        ["session_id"] = session,
        ["client_time"] = clientTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
    };
}
