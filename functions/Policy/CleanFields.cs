using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Collector.Redaction;

namespace Collector.Policy;

/// <summary>
/// What policy.json leaves of an event or of a list's entry: a value for each rule that keeps something. There is no other way to make one than
/// to apply the rules to untrusted JSON, and a <see cref="CleanEvent"/> is made of nothing else.
/// </summary>
internal sealed class CleanFields
{
    // In characters; what is longer is read into a rented buffer.
    private const int ShortText = 256;

    private readonly FieldRule rules;
    private readonly CleanValue[] values;

    private CleanFields(FieldRule rules)
    {
        this.rules = rules;
        values = new CleanValue[rules.Slots.Count];
    }

    /// <summary>The rules that fill the values, in order.</summary>
    public IReadOnlyList<FieldRule> Rules => rules.Slots;

    public CleanValue this[int slot] => values[slot];

    /// <summary>The text stored as this name, or null.</summary>
    public string? Text(string name) => Find(name).Text;

    /// <summary>The number stored as this name, or null.</summary>
    public long? Number(string name) => Find(name).Number;

    /// <summary>The truth value stored as this name; false when the client sent none.</summary>
    public bool Flag(string name) => Find(name).Number == 1;

    public IReadOnlyList<string> Texts(string name) => Find(name).Texts ?? [];

    /// <summary>The fingerprints of the credential stored as this name, the current one first; none when there is none.</summary>
    public IReadOnlyList<string> Credentials(string name) => Find(name) is { Text: { } one } ? [one] : Texts(name);

    public IReadOnlyList<CleanFields> List(string name) => Find(name).List ?? [];

    /// <summary>How much policy.json keeps of what is stored as this name.</summary>
    public int AtMost(string name) => rules.Slots[SlotOf(name)].AtMost;

    private CleanValue Find(string name) => SlotOf(name) is >= 0 and var slot ? values[slot] : default;

    private int SlotOf(string name)
    {
        for (var slot = 0; slot < values.Length; slot++)
        {
            if (string.Equals(rules.Slots[slot].Document!.As, name, StringComparison.Ordinal)) return slot;
        }

        return -1;
    }

    /// <summary>Applies the rules of an event or entry; null when a required field is missing or has another shape than the policy gives it.</summary>
    public static CleanFields? Apply(RawFields untrusted, Cleaning cleaning)
    {
        var memory = cleaning.Memory.Of(untrusted.Rules);
        var clean = new CleanFields(untrusted.Rules);
        var slots = CollectionsMarshal.AsSpan(untrusted.Rules.Slots);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var sent = untrusted[slot];
            ref var value = ref clean.values[slot];
            if (sent.IsSent) value = clean.Clean(slots[slot], sent, memory, cleaning);
            if (!value.IsEmpty) continue;
            if (slots[slot].Document!.Required) return null;
            if (sent.IsSent && !sent.IsBlank(cleaning.Memory.Body)) cleaning.Stripped.Add(slots[slot].Path);
        }

        return clean;
    }

    private CleanValue Clean(FieldRule rule, RawValue sent, FieldCache.Fields memory, Cleaning cleaning)
    {
        // These may differ between events that say the same: they come before what is remembered.
        if (rule.Tier == EventTier.Pro && cleaning.Tier != EventTier.Pro) return default;
        if (rule.ConditionSlot >= 0 && !Holds(rule.Document!.When!, values[rule.ConditionSlot])) return default;
        if (!rule.IsRemembered || sent.Type != JsonTokenType.String) return Clean(rule, sent, cleaning);
        if (!memory.TryRecall(rule.Slot, sent, out var clean)) memory.Remember(rule.Slot, sent, clean = Clean(rule, sent, cleaning));
        return clean;
    }

    private static bool Holds(Condition condition, CleanValue value) => condition.AtLeast is { } least ? value.Number >= least : !value.IsEmpty;

    private CleanValue Clean(FieldRule rule, RawValue sent, Cleaning cleaning) => rule.Document!.Type switch
    {
        FieldType.Boolean => sent.Type switch
        {
            JsonTokenType.True => new CleanValue(1),
            JsonTokenType.False => new CleanValue(0),
            _ => default,
        },
        FieldType.Integer or FieldType.Number => CleanNumber(rule.Document, sent, cleaning.Memory.Body),
        FieldType.Texts => CleanTexts(rule, sent, cleaning),
        FieldType.List => CleanList(rule, sent, cleaning),
        FieldType.Uuid => sent.TryGetUuid(cleaning.Memory.Body, out var id) ? new CleanValue(id.ToString("D", CultureInfo.InvariantCulture)) : default,
        FieldType.Time => CleanTime(sent, cleaning.Memory.Body),
        // Whatever is sent is one or the other: what has no shape of an edition is not Pro either.
        _ when rule.Document.Do == FieldAction.DeriveTier => new CleanValue(CleanText(rule, sent, cleaning) is null ? "all" : "pro"),
        _ when rule.Document.Do == FieldAction.FingerprintCredential && cleaning.Fingerprints.Previous is not null => CleanCredential(rule, sent, cleaning),
        _ => CleanText(rule, sent, cleaning) is { } text ? new CleanValue(text) : default,
    };

    // While the secret is replaced a credential has two fingerprints: what was stored under the old one counts for it too.
    private static CleanValue CleanCredential(FieldRule rule, RawValue sent, Cleaning cleaning)
    {
        if (sent.Type != JsonTokenType.String) return default;
        var known = new List<string>();
        foreach (var version in cleaning.Fingerprints.Versions)
        {
            if (CleanOwnText(rule, sent, cleaning.Memory.Body, version) is { } fingerprint) known.Add(fingerprint);
        }

        return known.Count == 0 ? default : new CleanValue(known);
    }

    private static CleanValue CleanNumber(FieldDocument document, RawValue sent, ReadOnlySpan<byte> body)
    {
        if (!sent.TryGetInteger(body, out var number))
        {
            if (document.Type == FieldType.Integer || !sent.TryGetNumber(body, out var real) || !(Math.Abs(real) < 1e15)) return default;
            number = (long)Math.Round(real, MidpointRounding.AwayFromZero);
        }

        if (number < document.Min || number > document.Max) return default;
        return new CleanValue(document.Do == FieldAction.PowerOfTwo ? PowerOfTwo(number) : number);
    }

    /// <summary>The smallest power of two that is at least this number, 0 for 0: 812 is 1024.</summary>
    public static long PowerOfTwo(long number) => number <= 0 ? 0 : (long)BitOperations.RoundUpToPowerOf2((ulong)number);

    private static CleanValue CleanTime(RawValue sent, ReadOnlySpan<byte> body) =>
        sent.Type == JsonTokenType.String && ClientTime.Is(sent.In(body)) ? new CleanValue(Encoding.ASCII.GetString(sent.In(body))) : default;

    private static CleanValue CleanTexts(FieldRule rule, RawValue sent, Cleaning cleaning)
    {
        if (sent.Type != JsonTokenType.StartArray) return default;
        var kept = new List<string>();
        var reader = sent.Entries(cleaning.Memory.Body);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var entry = RawValue.Take(ref reader, sent.Start);
            if (kept.Count < rule.AtMost && CleanOwnText(rule, entry, cleaning) is { } text) kept.Add(text);
            else cleaning.Stripped.Add(rule.Path);
        }

        return new CleanValue(kept);
    }

    private static CleanValue CleanList(FieldRule rule, RawValue sent, Cleaning cleaning)
    {
        if (sent.Type != JsonTokenType.StartArray) return default;
        var kept = new List<CleanFields>();
        var entry = cleaning.Memory.Of(rule.Entry!).Entry;
        var reader = sent.Entries(cleaning.Memory.Body);
        for (var at = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; at++)
        {
            if (at < rule.AtMost && reader.TokenType == JsonTokenType.StartObject)
            {
                entry.Read(ref reader, sent.Start, ref cleaning.Stripped);
                if (Apply(entry, cleaning) is { } fields)
                {
                    kept.Add(fields);
                    continue;
                }
            }

            reader.Skip();
            cleaning.Stripped.Add(rule.Entry!.Path);
        }

        return kept.Count == 0 ? default : new CleanValue(kept);
    }

    private string? CleanText(FieldRule rule, RawValue sent, Cleaning cleaning)
    {
        if (sent.Type != JsonTokenType.String) return null;
        // The catalog's names are looked up as they stand between their quotes; only what is not found so (an escape is allowed) becomes a string.
        switch (rule.Document!.Do)
        {
            case FieldAction.CatalogService:
                if (AwsCatalog.Service(sent.In(cleaning.Memory.Body)) is { } service) return service;
                return (CleanOwnText(rule, sent, cleaning) is { } unlisted ? AwsCatalog.Service(unlisted) : null) ?? AwsCatalog.Other;
            case FieldAction.CatalogOperation:
                if (Text("service") is not { } owner) return AwsCatalog.Other;
                if (AwsCatalog.Operation(owner, sent.In(cleaning.Memory.Body)) is { } operation) return operation;
                return (CleanOwnText(rule, sent, cleaning) is { } unknown ? AwsCatalog.Operation(owner, unknown) : null) ?? AwsCatalog.Other;
            default:
                return CleanOwnText(rule, sent, cleaning);
        }
    }

    // What needs no look at the other fields.
    private static string? CleanOwnText(FieldRule rule, RawValue sent, Cleaning cleaning) =>
        CleanOwnText(rule, sent, cleaning.Memory.Body, cleaning.Fingerprints);

    [SkipLocalsInit]
    private static string? CleanOwnText(FieldRule rule, RawValue sent, ReadOnlySpan<byte> body, Fingerprints fingerprints)
    {
        var maxLength = rule.Document!.MaxLength;
        if (sent.Length > maxLength * RawValue.MaxEscape) return null;
        var rented = sent.Length > ShortText ? ArrayPool<char>.Shared.Rent(sent.Length) : null;
        var buffer = rented ?? stackalloc char[ShortText];
        try
        {
            return sent.TryCopyText(body, buffer, out var length) && length <= maxLength
                ? CleanOwnText(rule, buffer[..length], fingerprints) : null;
        }
        finally
        {
            if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static string? CleanOwnText(FieldRule rule, ReadOnlySpan<char> text, Fingerprints fingerprints)
    {
        var document = rule.Document!;
        if (document.Values is { } values)
        {
            foreach (var value in values)
            {
                if (text.SequenceEqual(value)) return value;
            }

            return null;
        }

        if (rule.Pattern is { } pattern && !pattern.IsMatch(text)) return null;
        return document.Do switch
        {
            FieldAction.Keep or FieldAction.DeriveTier or FieldAction.CatalogService or FieldAction.CatalogOperation => text.ToString(),
            FieldAction.ErrorCode => ErrorTypes.Clean(text),
            FieldAction.CatalogRegion => AwsRegions.Clean(text),
            FieldAction.FingerprintCredential => fingerprints.Credential(text.ToString()),
            FieldAction.FingerprintMachine => fingerprints.Machine(text.ToString()),
            FieldAction.FingerprintActivation => fingerprints.Activation(text.ToString()),
            FieldAction.RedactMessage => Redactor.ErrorMessage(text, rule.AtMost),
            FieldAction.RedactTrace => Redactor.StackTrace(text, rule.AtMost),
            FieldAction.CutSystem => SystemName.Clean(text),
            FieldAction.CutUserAgent => UserAgent.Clean(text, rule.AtMost) is { Length: > 0 } agent ? agent : null,
            FieldAction.CutCommand => CliWord.CommandPath(text, rule.AtMost),
            FieldAction.CutWord => CliWord.ParameterName(text),
            _ => null,
        };
    }
}
