using System.Text.Json.Nodes;
using Collector.Policy;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// Generates events of every kind in the policy, with right, wrong or missing fields, and with a marker in every place that the policy does
/// not allow: unknown members and their names, nested objects, list members, values of the wrong shape.
/// </summary>
internal sealed class EventGenerator(int seed, IReadOnlyList<EventDocument> policy)
{
    private readonly Random random = new(seed);

    /// <summary>A word that no rule keeps: not in a vocabulary, not in lower case, not a number.</summary>
    public string Marker() => $"Mk9{random.NextInt64(1L << 40):x}Xz";

    public JsonObject Event(string marker, string sessionId)
    {
        var document = policy[random.Next(policy.Count)];
        var untrusted = new JsonObject { ["name"] = random.Next(50) == 0 ? marker : document.Name };
        foreach (var field in document.Fields ?? [])
        {
            // An object of objects, which is stored as a list of entries, is generated as a whole.
            if (random.Next(12) == 0 || (field.Field.StartsWith("payload[]", StringComparison.Ordinal) && random.Next(50) > 0)) continue;
            Put(untrusted, field.Field, Value(field, marker));
        }

        if (random.Next(3) > 0) Put(untrusted, "metadata.session_id", sessionId);
        for (var extra = random.Next(3); extra > 0; extra--) Put(untrusted, Place(document, marker), Wild(marker));
        return untrusted;
    }

    private JsonNode? Value(FieldDocument field, string marker) => random.Next(8) switch
    {
        0 => field.Type == FieldType.Usage ? new JsonObject { [marker] = new JsonObject { ["count"] = 1 },
        ["lambda:invokedruntime"] = new JsonObject { [marker] = 3 } } : Wild(marker),
        1 => field.Removes is { } removes ? JsonNode.Parse(removes.GetRawText()) : marker,
        _ => (field.Keeps ?? field.Removes) is { } keeps ? JsonNode.Parse(keeps.GetRawText()) : null,
    };

    private JsonNode? Wild(string marker) => random.Next(8) switch
    {
        0 => new JsonObject { [marker] = marker },
        1 => new JsonArray(marker, new JsonObject { ["key"] = marker }, 7),
        2 => $"arn:aws:s3:::{marker}/key",
        3 => $"The specified bucket {marker} does not exist: '{marker}'",
        4 => random.NextInt64(),
        5 => null,
        6 => $"localstack start --name={marker} {marker}",
        _ => marker,
    };

    private string Place(EventDocument document, string marker) => random.Next(6) switch
    {
        0 => marker,
        1 => "metadata." + marker,
        2 => "payload." + marker,
        3 => "payload.deep." + marker,
        4 => "metadata",
        _ => document.Fields is { Count: > 0 } fields ? fields[random.Next(fields.Count)].Field : "payload",
    };

    private void Put(JsonObject root, string path, JsonNode? value)
    {
        var at = root;
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            if (part.EndsWith("[]", StringComparison.Ordinal))
            {
                if (at[part[..^2]] is not JsonArray list || list.Count == 0 || list[0] is not JsonObject) at[part[..^2]] = list =
                    [new JsonObject()];
                at = (JsonObject)list[random.Next(list.Count)]! as JsonObject ?? at;
            }
            else
            {
                if (at[part] is not JsonObject child) at[part] = child = [];
                at = child;
            }
        }

        at[parts[^1]] = value;
    }
}
