using System.Text.Json.Nodes;

namespace Collector.Tests;

/// <summary>Paths of event fields as policy.json writes them: <c>payload.api_calls[].service</c>.</summary>
internal static class EventPath
{
    /// <summary>Sets a field; in a list, in its only entry. Creates the objects and lists on the path.</summary>
    public static void Put(JsonObject root, string path, JsonNode value)
    {
        var at = root;
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            if (!part.EndsWith("[]", StringComparison.Ordinal))
            {
                at = (at[part] ??= new JsonObject()).AsObject();
                continue;
            }

            // The list's own example has entries of another kind.
            if (at[part[..^2]] is not JsonArray list) at[part[..^2]] = list = new JsonArray(new JsonObject());
            at = list[0]!.AsObject();
        }

        at[parts[^1]] = value;
    }
}
