using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Collector.Policy.Text;

namespace Collector.Policy;

/// <summary>
/// What policy.json leaves of an event or of a list's entry: a value for each rule that keeps something. There is no other way to make one than
/// to apply the rules to untrusted JSON, and a <see cref="CleanEvent"/> is made of nothing else.
/// </summary>
internal sealed class CleanFields
{
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

    public IReadOnlyList<CleanFields> List(string name) => Find(name).List ?? [];

    private CleanValue Find(string name)
    {
        for (var slot = 0; slot < values.Length; slot++)
        {
            if (string.Equals(rules.Slots[slot].Document!.As, name, StringComparison.Ordinal)) return values[slot];
        }

        return default;
    }

    /// <summary>Applies the rules of an event or entry; null when a required field is missing or has another shape than the policy gives it.</summary>
    public static CleanFields? Apply(FieldRule rules, JsonElement untrusted, Cleaning cleaning)
    {
        if (untrusted.ValueKind != JsonValueKind.Object) return null;
        var memory = cleaning.Memory.Of(rules);
        var found = memory.Found;
        Array.Clear(found);
        Collect(rules, untrusted, found, cleaning);
        var clean = new CleanFields(rules);
        var slots = CollectionsMarshal.AsSpan(rules.Slots);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var sent = found[slot];
            var isSent = sent.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
            ref var value = ref clean.values[slot];
            if (isSent) value = clean.Clean(slots[slot], sent, memory, cleaning);
            if (!value.IsEmpty) continue;
            if (slots[slot].Document!.Required) return null;
            if (isSent && !IsBlank(sent)) cleaning.Strip(slots[slot].Path);
        }

        return clean;
    }

    // An empty text or list says that there is nothing: api_key is "" when there is none.
    private static bool IsBlank(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.ValueEquals("") : element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 0;

    private static void Collect(FieldRule rule, JsonElement untrusted, JsonElement[] found, Cleaning cleaning)
    {
        // Clients send their members in one order, and so do the rules stand: the next child is nearly always the one.
        var next = 0;
        foreach (var member in untrusted.EnumerateObject())
        {
            var child = Match(rule.Children, member, ref next);
            if (child is null)
            {
                if (rule.Parent is not null || !member.NameEquals("name"u8)) cleaning.Strip(rule.Unnamed);
            }
            else if (child.Slot >= 0)
            {
                if (found[child.Slot].ValueKind != JsonValueKind.Undefined) cleaning.Strip(child.Path);
                found[child.Slot] = member.Value;
            }
            else if (child.Document is not null)
            {
                if (child.Document.Do == FieldAction.Drop && member.Value.ValueKind != JsonValueKind.Null) cleaning.Strip(child.Path);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object)
            {
                Collect(child, member.Value, found, cleaning);
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                cleaning.Strip(child.Path);
            }
        }
    }

    private static FieldRule? Match(List<FieldRule> rules, in JsonProperty member, ref int next)
    {
        var children = CollectionsMarshal.AsSpan(rules);
        for (var tried = 0; tried < children.Length; tried++, next++)
        {
            if (next >= children.Length) next = 0;
            if (member.NameEquals(children[next].Name)) return children[next++];
        }

        return null;
    }

    private CleanValue Clean(FieldRule rule, JsonElement element, BatchMemory.Fields memory, Cleaning cleaning)
    {
        var document = rule.Document!;
        // These may differ between events that say the same: they come before what is remembered.
        if (document.Tier == EventTier.Pro && cleaning.Tier != EventTier.Pro) return default;
        if (rule.ConditionSlot >= 0 && !(values[rule.ConditionSlot].Number >= document.When!.AtLeast)) return default;
        if (!rule.IsRemembered) return Clean(rule, element, cleaning);
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (!memory.TryRecall(rule.Slot, raw, out var clean)) memory.Remember(rule.Slot, raw, clean = Clean(rule, element, cleaning));
        return clean;
    }

    private CleanValue Clean(FieldRule rule, JsonElement element, Cleaning cleaning)
    {
        var document = rule.Document!;
        return document.Type switch
        {
            FieldType.Boolean => element.ValueKind switch
            {
                JsonValueKind.True => new CleanValue(1),
                JsonValueKind.False => new CleanValue(0),
                _ => default,
            },
            FieldType.Integer or FieldType.Number => CleanNumber(document, element),
            FieldType.Texts => CleanTexts(rule, element, cleaning),
            FieldType.List => CleanList(rule, element, cleaning),
            FieldType.Uuid => CleanUuid(element),
            FieldType.Time => CleanTime(document, element),
            _ => element.ValueKind == JsonValueKind.String && CleanText(rule, element, cleaning) is { } text ? new CleanValue(text) : default,
        };
    }

    private static CleanValue CleanNumber(FieldDocument document, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Number) return default;
        if (!element.TryGetInt64(out var number))
        {
            if (document.Type == FieldType.Integer || !element.TryGetDouble(out var real) || !(Math.Abs(real) < 1e15)) return default;
            number = (long)Math.Round(real, MidpointRounding.AwayFromZero);
        }

        if (number < document.Min || number > document.Max) return default;
        return new CleanValue(document.Do == FieldAction.PowerOfTwo ? PowerOfTwo(number) : number);
    }

    /// <summary>The smallest power of two that is at least this number, 0 for 0: 812 is 1024.</summary>
    public static long PowerOfTwo(long number) => number <= 0 ? 0 : (long)BitOperations.RoundUpToPowerOf2((ulong)number);

    private static CleanValue CleanUuid(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.TryGetGuid(out var id) ? new CleanValue(id.ToString("D", CultureInfo.InvariantCulture)) : default;

    private static CleanValue CleanTime(FieldDocument document, JsonElement element) =>
        element.ValueKind == JsonValueKind.String && Cleaning.TryGetText(element, document.MaxLength, out var text) && ClientTime.Is(text) ? new CleanValue(text) : default;

    private static CleanValue CleanTexts(FieldRule rule, JsonElement element, Cleaning cleaning)
    {
        if (element.ValueKind != JsonValueKind.Array) return default;
        var kept = new List<string>();
        foreach (var entry in element.EnumerateArray())
        {
            if (kept.Count < Cleaning.MaxTexts && entry.ValueKind == JsonValueKind.String
                && CleanOwnText(rule, entry, cleaning) is { } text) kept.Add(text);
            else cleaning.Strip(rule.Path);
        }

        return new CleanValue(kept);
    }

    private static CleanValue CleanList(FieldRule rule, JsonElement element, Cleaning cleaning)
    {
        if (element.ValueKind != JsonValueKind.Array) return default;
        var kept = new List<CleanFields>(Math.Min(element.GetArrayLength(), Cleaning.MaxEntries));
        foreach (var entry in element.EnumerateArray())
        {
            if (kept.Count < Cleaning.MaxEntries && Apply(rule.Entry!, entry, cleaning) is { } fields) kept.Add(fields);
            else cleaning.Strip(rule.Entry!.Path);
        }

        return kept.Count == 0 ? default : new CleanValue(kept);
    }

    private string? CleanText(FieldRule rule, JsonElement element, Cleaning cleaning)
    {
        // The catalog's names are looked up as they stand between their quotes; only what is not found so (an escape is allowed) becomes a string.
        var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        switch (rule.Document!.Do)
        {
            case FieldAction.CatalogService:
                if (AwsCatalog.Service(raw) is { } service) return service;
                return CleanOwnText(rule, element, cleaning) is { } unlisted ? AwsCatalog.Service(unlisted) ?? AwsCatalog.Other : null;
            case FieldAction.CatalogOperation:
                if (Text("service") is not { } owner) return AwsCatalog.Other;
                if (AwsCatalog.Operation(owner, raw) is { } operation) return operation;
                return (CleanOwnText(rule, element, cleaning) is { } unknown ? AwsCatalog.Operation(owner, unknown) : null) ?? AwsCatalog.Other;
            default:
                return CleanOwnText(rule, element, cleaning);
        }
    }

    // What needs no look at the other fields.
    private static string? CleanOwnText(FieldRule rule, JsonElement element, Cleaning cleaning)
    {
        var document = rule.Document!;
        if (!Cleaning.TryGetText(element, document.MaxLength, out var text)) return null;
        if (document.Values is { } values)
        {
            foreach (var value in values)
            {
                if (string.Equals(value, text, StringComparison.Ordinal)) return value;
            }

            return null;
        }

        if (rule.Pattern is { } pattern && !pattern.IsMatch(text)) return null;
        return document.Do switch
        {
            FieldAction.Keep or FieldAction.DeriveTier or FieldAction.CatalogService or FieldAction.CatalogOperation => text,
            FieldAction.ErrorCode => ErrorName.IsCode(text) ? text : null,
            FieldAction.FingerprintCredential => cleaning.Fingerprints.Credential(text),
            FieldAction.FingerprintMachine => cleaning.Fingerprints.Machine(text),
            FieldAction.FingerprintActivation => cleaning.Fingerprints.Activation(text),
            FieldAction.RedactMessage => Redactor.ErrorMessage(text),
            FieldAction.RedactTrace => Redactor.StackTrace(text),
            FieldAction.CutSystem => SystemName.Clean(text),
            FieldAction.CutUserAgent => UserAgent.Clean(text) is { Length: > 0 } agent ? agent : null,
            FieldAction.CutCommand => CliWord.CommandPath(text),
            FieldAction.CutWord => CliWord.ParameterName(text),
            _ => null,
        };
    }
}
