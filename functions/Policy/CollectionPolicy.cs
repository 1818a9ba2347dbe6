using System.Security.Cryptography;
using System.Text.Json;
using Collector.Redaction;

namespace Collector.Policy;

/// <summary>
/// The collection policy as this deployment enforces it: policy.json with the switches applied. It turns untrusted events into
/// <see cref="CleanEvent"/>s; events and fields that it does not name are dropped or stripped, counted, and never stored, logged or echoed.
/// </summary>
internal sealed class CollectionPolicy
{
    private readonly EventRule[] rules;

    private CollectionPolicy(PolicyDocument document, PolicySwitches switches, Fingerprints fingerprints)
    {
        Fingerprints = fingerprints;
        Enforced = switches.Apply(document);
        rules = [.. Enforced.Events.Select(entry => new EventRule(entry, entry.Collected))];
        Json = PolicyFile.Write(Enforced);
        HashBytes = SHA256.HashData(Json);
        Hash = Convert.ToHexStringLower(HashBytes);
    }

    public Fingerprints Fingerprints { get; }

    /// <summary>policy.json with this deployment's switches applied, as <c>GET /policy</c> returns it.</summary>
    public PolicyDocument Enforced { get; }

    public byte[] Json { get; }

    /// <summary>
    /// The SHA-256 of <see cref="Json"/>: every ingest answer carries it as hexadecimal digits, every stored item as bytes.
    /// </summary>
    public string Hash { get; }

    public byte[] HashBytes { get; }

    /// <summary>False when this deployment tells all clients to stop sending.</summary>
    public bool TrackEvents => Enforced.TrackEvents;

    public TimeSpan Retention(string kind) => TimeSpan.FromDays(Enforced.Retention[kind].Days!.Value);

    /// <summary>
    /// Reads the policy that is embedded in the executable. Throws <see cref="InvalidDataException"/> when a switch names a feature that it
    /// does not have.
    /// </summary>
    public static CollectionPolicy Load(PolicySwitches switches, Fingerprints fingerprints) =>
        Load(EmbeddedFile.Open("policy.json").Bytes, switches, fingerprints);

    internal static CollectionPolicy Load(ReadOnlySpan<byte> json, PolicySwitches switches, Fingerprints fingerprints) =>
        new(PolicyShorthand.WriteOut(PolicyFile.Read(json)), switches, fingerprints);

    /// <summary>
    /// Finds the rule for an event by its <c>name</c>; null when the policy has none. On return the reader is on the name's value.
    /// </summary>
    public EventRule? Find(ref Utf8JsonReader reader, out bool isFirst)
    {
        isFirst = true;
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        for (; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; isFirst = false)
        {
            var isName = RawJson.Is("name"u8, ref reader);
            reader.Read();
            if (isName) return reader.TokenType == JsonTokenType.String ? Named(ref reader) : null;
            reader.Skip();
        }

        return null;
    }

    // Compares with one rule after the other, frequent ones first. Comparing with all of them takes no longer than creating a string for a
    // dictionary.
    private EventRule? Named(ref Utf8JsonReader name)
    {
        foreach (var rule in rules)
        {
            if (RawJson.Is(rule.Utf8Name, ref name)) return rule;
        }

        return null;
    }

    public EventRule Rule(string name) => rules.Single(rule => rule.Name == name);

    /// <summary>
    /// Cleans an event for a session of the given tier. The result is the clean event with the number of stripped fields, or the reason for
    /// dropping it.
    /// </summary>
    /// <param name="untrusted">The event as it was sent.</param>
    /// <param name="tier">The tier of its session.</param>
    /// <param name="observer">Is told the result for each field; does not influence it.</param>
    public CleanResult Clean(RawEvent untrusted, Tier tier, ICleaningObserver? observer = null)
    {
        if (untrusted is not { Rule: { } rule, Fields: { } sent })
            return CleanResult.Dropped(untrusted.Rule is null ? Outcome.UnknownEvent : Outcome.NotCollected);
        var cleaning = new Cleaning(Fingerprints, tier, untrusted.Memory, untrusted.Stripped.Copy(), observer);
        var fields = CleanFields.Apply(sent, cleaning);
        var clean = fields is null ? null : CleanEvent.From(rule, fields, tier);
        return clean is null ? CleanResult.Dropped(Outcome.Invalid) : new(clean, default, cleaning.Stripped.Times);
    }
}
