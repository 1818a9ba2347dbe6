using System.Security.Cryptography;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// The collection policy as this deployment enforces it: policy.json with the switches applied. It turns untrusted events into
/// <see cref="CleanEvent"/>s; what it does not name is dropped or stripped, counted, and never stored, logged or echoed.
/// </summary>
internal sealed class CollectionPolicy
{
    private readonly EventRule[] rules;

    private CollectionPolicy(PolicyDocument document, PolicySwitches switches, Fingerprints fingerprints)
    {
        Fingerprints = fingerprints;
        Enforced = switches.Apply(document);
        rules = [.. Enforced.Events.Select(entry => new EventRule(entry, entry.Collected))];
        Json = JsonSerializer.SerializeToUtf8Bytes(Enforced, PolicyJson.Default.PolicyDocument);
        HashBytes = SHA256.HashData(Json);
        Hash = Convert.ToHexStringLower(HashBytes);
    }

    public Fingerprints Fingerprints { get; }

    /// <summary>policy.json with this deployment's switches applied: what <c>GET /policy</c> answers.</summary>
    public PolicyDocument Enforced { get; }

    public byte[] Json { get; }

    /// <summary>The SHA-256 of <see cref="Json"/>: every ingest answer carries it as hexadecimal digits, every stored item as bytes.</summary>
    public string Hash { get; }

    public byte[] HashBytes { get; }

    /// <summary>False when this deployment tells every client to stop.</summary>
    public bool TrackEvents => Enforced.TrackEvents;

    public TimeSpan Retention(string kind) => TimeSpan.FromDays(Enforced.Retention[kind].Days);

    /// <summary>Reads the policy that is part of the executable. Throws <see cref="InvalidDataException"/> when a switch names no feature of it.</summary>
    public static CollectionPolicy Load(PolicySwitches switches, Fingerprints fingerprints)
    {
        using var stream = typeof(CollectionPolicy).Assembly.GetManifestResourceStream("policy.json")!;
        return Load(stream, switches, fingerprints);
    }

    internal static CollectionPolicy Load(Stream json, PolicySwitches switches, Fingerprints fingerprints) =>
        new(JsonSerializer.Deserialize(json, PolicyJson.Default.PolicyDocument)!, switches, fingerprints);

    /// <summary>The rule for an event by its <c>name</c>; null when the policy has none.</summary>
    public EventRule? Find(JsonElement untrusted)
    {
        if (untrusted.ValueKind != JsonValueKind.Object || !untrusted.TryGetProperty("name"u8, out var name)
            || name.ValueKind != JsonValueKind.String) return null;
        // One after the other, the frequent ones first: to compare with all of them takes no longer than to make a string for a dictionary.
        foreach (var rule in rules)
        {
            if (name.ValueEquals(rule.Utf8Name)) return rule;
        }

        return null;
    }

    public EventRule Rule(string name) => rules.Single(rule => rule.Name == name);

    /// <summary>
    /// Cleans one event of the given rule for a session of the given tier. The verdict says what came of it; stripped fields are counted in it
    /// either way. Its texts can be read: the envelope has seen to that.
    /// </summary>
    public CleanVerdict Clean(EventRule rule, JsonElement untrusted, EventTier tier) => Clean(rule, untrusted, tier, new BatchMemory());

    /// <summary>As <see cref="Clean(EventRule, JsonElement, EventTier)"/>, one of the events of a batch that have their memory in common.</summary>
    public CleanVerdict Clean(EventRule rule, JsonElement untrusted, EventTier tier, BatchMemory memory)
    {
        if (!rule.Collected) return CleanVerdict.Dropped(DropReason.NotCollected);
        var cleaning = new Cleaning(Fingerprints, tier, memory);
        var fields = CleanFields.Apply(rule.Fields, untrusted, cleaning);
        var clean = fields is null ? null : CleanEvent.From(rule, fields, tier);
        return clean is null ? CleanVerdict.Dropped(DropReason.Invalid) : new(clean, default, cleaning.Stripped);
    }
}
