using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>A policy with one event, <c>x</c>, whose fields a test writes down.</summary>
internal static class TestPolicy
{
    /// <summary>Loads it. Throws <see cref="InvalidDataException"/> as the real one does.</summary>
    /// <param name="kind">The event's kind.</param>
    /// <param name="fields">Its fields, with commas between them; each is kept unless it says otherwise.</param>
    /// <param name="secrets">The secret of its fingerprints.</param>
    public static CollectionPolicy Of(string kind, string fields, string secrets = "the secret of one test, 32 characters long")
    {
        var list = JsonNode.Parse($"[{fields}]")!.AsArray();
        foreach (var field in list)
        {
            field!["sentence"] = "s";
            if (field["do"] is null) field["do"] = "keep";
        }

        var policy = new JsonObject
        {
            ["version"] = 1,
            ["about"] = "a policy for tests",
            ["sentences"] = new JsonObject { ["s"] = "A sentence." },
            ["retention"] = new JsonObject(),
            ["events"] = new JsonArray(new JsonObject
            {
                ["name"] = "x", ["kind"] = kind, ["collected"] = true, ["sentence"] = "s", ["tier"] = "community", ["fields"] = list,
            }),
        };
        return CollectionPolicy.Load(
            Encoding.UTF8.GetBytes(policy.ToJsonString()), new PolicySwitches(true, [], new Dictionary<string, int>()),
            new Fingerprints(secrets));
    }

    /// <summary>What is left of an event with this payload.</summary>
    public static CleanResult Clean(this CollectionPolicy policy, string payload) =>
        policy.Clean(RawEvents.Parse(policy, $$"""{"name": "x", "payload": {{payload}}}""")[0], Tier.Pro);
}
