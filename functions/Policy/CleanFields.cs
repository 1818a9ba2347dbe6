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
/// The cleaned fields of an event or of a list's entry: one value for each rule of policy.json that keeps something. They can only be
/// created by applying the rules to untrusted JSON, and a <see cref="CleanEvent"/> is built only from them.
/// </summary>
internal sealed class CleanFields
{
    // In characters. A longer text is read into a rented buffer.
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

    /// <summary>The text stored under this name, or null.</summary>
    public string? Text(string name) => Find(name).Text;

    /// <summary>The number stored under this name, or null.</summary>
    public long? Number(string name) => Find(name).Number;

    /// <summary>The Boolean stored under this name; false when the client sent none.</summary>
    public bool Flag(string name) => Find(name).Number == 1;

    public IReadOnlyList<string> Texts(string name) => Find(name).Texts ?? [];

    /// <summary>The fingerprints of the credential stored under this name, the current one first; empty without a credential.</summary>
    public IReadOnlyList<string> Credentials(string name) => Find(name) is { Text: { } one } ? [one] : Texts(name);

    public IReadOnlyList<CleanFields> List(string name) => Find(name).List ?? [];

    private CleanValue Find(string name) => SlotOf(name) is >= 0 and var slot ? values[slot] : default;

    private int SlotOf(string name)
    {
        for (var slot = 0; slot < values.Length; slot++)
        {
            if (string.Equals(rules.Slots[slot].Document!.As, name, StringComparison.Ordinal)) return slot;
        }

        return -1;
    }

    /// <summary>Applies the rules of an event or entry; null when a required field is missing or has the wrong shape.</summary>
    public static CleanFields? Apply(RawFields untrusted, Cleaning cleaning)
    {
        var memory = cleaning.Memory.Of(untrusted.Rules);
        var clean = new CleanFields(untrusted.Rules);
        var slots = CollectionsMarshal.AsSpan(untrusted.Rules.Slots);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var sent = untrusted[slot];
            ref var value = ref clean.values[slot];
            if (sent.IsSent)
            {
                var allowed = clean.IsAllowed(slots[slot], cleaning.Tier);
                if (allowed) value = clean.Clean(slots[slot], sent, memory, cleaning);
                cleaning.Observer?.Cleaned(slots[slot], cleaning.Entry, sent, value, allowed);
            }

            if (!value.IsEmpty) continue;
            if (slots[slot].Document!.Required)
            {
                cleaning.Observer?.Missing(slots[slot], cleaning.Entry);
                return null;
            }

            if (sent.IsSent && !sent.IsBlank(cleaning.Memory.Body)) cleaning.Stripped.Add(slots[slot].Path);
        }

        return clean;
    }

    // Checked before the cache is used, because equal values may be allowed in one event and not in another.
    private bool IsAllowed(FieldRule rule, Tier tier) =>
        (rule.Tier != Tier.Pro || tier == Tier.Pro) && (rule.ConditionSlot < 0 || Holds(rule.Document!.When!, values[rule.ConditionSlot]));

    private CleanValue Clean(FieldRule rule, RawValue sent, FieldCache.Fields memory, Cleaning cleaning)
    {
        if (!rule.IsRemembered || sent.Type != JsonTokenType.String) return Clean(rule, sent, cleaning);
        if (!memory.TryRecall(rule.Slot, sent, out var clean)) memory.Remember(rule.Slot, sent, clean = Clean(rule, sent, cleaning));
        return clean;
    }

    private static bool Holds(Condition condition, CleanValue value) =>
        condition.AtLeast is { } least ? value.Number >= least : !value.IsEmpty;

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
        FieldType.Usage => UsageCounters.Read(rule, sent, cleaning) is { Count: > 0 } counters ? new CleanValue(counters) : default,
        FieldType.Uuid =>
            sent.TryGetUuid(cleaning.Memory.Body, out var id) ? new CleanValue(id.ToString("D", CultureInfo.InvariantCulture)) : default,
        FieldType.Time => CleanTime(sent, cleaning.Memory.Body),
        // A label that was sent is always kept, if only as "other": metrics that differ only in this label must not be added up.
        _ when rule.Document.Do is FieldAction.MetricLabel or FieldAction.MetricLabelValue =>
            new CleanValue(CleanLabel(rule, sent, cleaning)),
        _ when rule.Document.Do == FieldAction.FingerprintCredential && cleaning.Fingerprints.Previous is not null =>
            CleanCredential(rule, sent, cleaning),
        _ => CleanText(rule, sent, cleaning) is { } text ? new CleanValue(text) : default,
    };

    // During a rotation of the secret a credential has two fingerprints, so that data stored under the old one still belongs to it.
    private CleanValue CleanCredential(FieldRule rule, RawValue sent, Cleaning cleaning)
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
            // A number outside the range may round into it: -0.2 is not a duration.
            if (real < document.Min || real > document.Max) return default;
            number = (long)Math.Round(real, MidpointRounding.AwayFromZero);
        }

        if (number < document.Min || number > document.Max) return default;
        return new CleanValue(number);
    }

    /// <summary>The number rounded up to a power of two (812 becomes 1024); 0 for 0.</summary>
    public static long PowerOfTwo(long number) => number <= 0 ? 0 : (long)BitOperations.RoundUpToPowerOf2((ulong)number);

    private static CleanValue CleanTime(RawValue sent, ReadOnlySpan<byte> body) =>
        sent.Type == JsonTokenType.String && ClientTime.Is(sent.In(body))
            ? new CleanValue(Encoding.ASCII.GetString(sent.In(body))) : default;

    private CleanValue CleanTexts(FieldRule rule, RawValue sent, Cleaning cleaning)
    {
        if (sent.Type != JsonTokenType.StartArray) return default;
        var kept = new List<string>();
        var reader = sent.Entries(cleaning.Memory.Body);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var entry = RawValue.Take(ref reader, sent.Start);
            if (kept.Count < rule.AtMost && CleanText(rule, entry, cleaning) is { } text) kept.Add(text);
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
                cleaning.Entry = at;
                var fields = Apply(entry, cleaning);
                cleaning.Entry = null;
                if (fields is not null)
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

    private string CleanLabel(FieldRule rule, RawValue sent, Cleaning cleaning) => sent.Type switch
    {
        JsonTokenType.True => MetricLabel.True,
        JsonTokenType.False => MetricLabel.False,
        _ => CleanText(rule, sent, cleaning) ?? MetricLabel.Other,
    };

    private string? CleanText(FieldRule rule, RawValue sent, Cleaning cleaning)
    {
        // The licensing backend may use numbers as activation ids.
        if (sent.Type == JsonTokenType.Number && rule.Document!.Do == FieldAction.FingerprintActivation)
            return CleanOwnText(rule, Encoding.ASCII.GetString(sent.In(cleaning.Memory.Body)), cleaning.Fingerprints);
        if (sent.Type != JsonTokenType.String) return null;
        // Names are first looked up in the catalog as raw bytes. Only a name that is not found this way, which may contain an escape,
        // becomes a string.
        switch (rule.Document!.Do)
        {
            case FieldAction.CatalogService:
                if (AwsCatalog.Service(sent.In(cleaning.Memory.Body)) is { } service) return service;
                return (CleanOwnText(rule, sent, cleaning) is { } unlisted ? AwsCatalog.Service(unlisted) : null) ?? AwsCatalog.Other;
            case FieldAction.CatalogOperation:
                if (Text("service") is not { } owner) return AwsCatalog.Other;
                if (AwsCatalog.Operation(owner, sent.In(cleaning.Memory.Body)) is { } operation) return operation;
                return (CleanOwnText(rule, sent, cleaning) is { } unknown ? AwsCatalog.Operation(owner, unknown) : null)
                    ?? AwsCatalog.Other;
            default:
                return CleanOwnText(rule, sent, cleaning);
        }
    }

    // Decodes and cleans a text. For a service or an operation, only decodes it.
    private string? CleanOwnText(FieldRule rule, RawValue sent, Cleaning cleaning) =>
        CleanOwnText(rule, sent, cleaning.Memory.Body, cleaning.Fingerprints);

    [SkipLocalsInit]
    private string? CleanOwnText(FieldRule rule, RawValue sent, ReadOnlySpan<byte> body, Fingerprints fingerprints)
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

    private string? CleanOwnText(FieldRule rule, ReadOnlySpan<char> text, Fingerprints fingerprints)
    {
        var document = rule.Document!;
        if (document.Do == FieldAction.FingerprintCredential) text = CredentialText.Trim(text);
        if (document.Do == FieldAction.DeriveTier) return document.Values!.Any(text.Trim().ToString().Equals) ? "community" : "pro";
        if (document.Values is { } values) return Listed(values, text);
        if (rule.Pattern is { } pattern && !pattern.IsMatch(text)) return null;
        return document.Do switch
        {
            FieldAction.Keep or FieldAction.CatalogService or FieldAction.CatalogOperation => text.ToString(),
            FieldAction.ErrorCode => ErrorTypes.Clean(text),
            FieldAction.CatalogRegion => AwsRegions.Clean(text),
            FieldAction.FingerprintCredential => fingerprints.Credential(text.ToString()),
            FieldAction.FingerprintMachine => fingerprints.Machine(text.ToString()),
            FieldAction.FingerprintActivation => fingerprints.Activation(text.ToString()),
            FieldAction.RedactMessage => Redactor.ErrorMessage(text, rule.AtMost),
            FieldAction.RedactTrace => Redactor.StackTrace(text, rule.AtMost),
            FieldAction.CutSystem => SystemName.Clean(text),
            FieldAction.CutUserAgent => UserAgent.Clean(text, rule.AtMost) is { Length: > 0 } agent ? agent : null,
            FieldAction.CutVersion => LocalStackVersion.Clean(text),
            FieldAction.CutCommand => CliCatalog.Command(text, document.Program),
            FieldAction.CutSubcommand => CliCatalog.Subcommand(Text("command")!, text),
            FieldAction.CatalogParameter => CliCatalog.Parameter(Command, text),
            FieldAction.MetricLabelValue => MetricLabel.Value(text),
            _ => null,
        };
    }

    // The text if it is a listed value. A listed value that ends in * covers all texts with that beginning; one that is not listed itself
    // is kept as the beginning with "other".
    private static string? Listed(IReadOnlyList<string> values, ReadOnlySpan<char> text)
    {
        string? family = null;
        foreach (var value in values)
        {
            if (text.SequenceEqual(value)) return value;
            if (value is [.., '*'] && text.StartsWith(value.AsSpan()[..^1])) family = value;
        }

        return family is null ? null : $"{family.AsSpan()[..^1]}{MetricLabel.Other}";
    }

    private string Command => Text("subcommand") is { } subcommand ? $"{Text("command")} {subcommand}" : Text("command")!;
}
