using System.Globalization;
using System.Text.Json;
using Collector.Policy;

namespace Collector.Site;

/// <summary>
/// Shows the result for one event, field by field: kept as it was sent, changed or removed, each with the rule's action and the sentence of
/// the published policy. The preview contains only clean values and the policy's own words. A removed value is identified by its path and
/// never repeated.
/// </summary>
internal sealed class EventPreview(CollectionPolicy policy, byte[] body) : ICleaningObserver
{
    private readonly List<Field> fields = [];
    private readonly Dictionary<string, string> reasons = new(StringComparer.Ordinal);
    private FieldRule? missing;

    /// <inheritdoc/>
    public void Cleaned(FieldRule rule, int? entry, RawValue sent, CleanValue clean, bool allowed)
    {
        if (!clean.IsEmpty) fields.Add(new Field(rule, entry, sent, clean));
        else reasons.TryAdd(rule.Path, allowed ? "value" : rule.Tier == Tier.Pro && Tier != Tier.Pro ? "pro_only" : "condition");
    }

    /// <inheritdoc/>
    public void Missing(FieldRule rule, int? entry)
    {
        // Without the required field nothing is kept of its list entry or, outside a list, of the event.
        fields.RemoveAll(field => entry is null || (field.Entry == entry && field.Rule.Parent == rule.Parent));
        if (entry is null) missing = rule;
    }

    /// <summary>The tier for which the event is cleaned.</summary>
    public required Tier Tier { get; init; }

    /// <summary>Writes <c>outcome</c>, and <c>reason</c> or <c>fields</c>, into the event's object.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="rule">The event's rule; null when the policy does not know its name.</param>
    /// <param name="result">The result of cleaning the event.</param>
    /// <param name="most">The most fields that may still be written; further fields are left out.</param>
    /// <returns>The number of fields, including those that were left out.</returns>
    public int Write(Utf8JsonWriter json, EventRule? rule, CleanResult result, int most)
    {
        var document = rule is null ? null : policy.Enforced.Events.First(e => e.Name == rule.Name);
        if (document is not null) json.WriteString("sentence", document.Sentence);
        if (result.Event is null)
        {
            json.WriteString("outcome", "dropped");
            json.WriteString("reason", result.Reason.Name());
            if (missing is not null) json.WriteString("missing", missing.Document!.Field);
            return 0;
        }

        json.WriteString("outcome", "stored");
        json.WriteStartArray("fields");
        var written = 0;
        foreach (var field in fields)
        {
            if (written++ < most) WriteKept(json, field);
        }

        foreach (var hour in document!.Fields!.Where(f => f.Do == FieldAction.CutHour))
        {
            if (written++ >= most) continue;
            json.WriteStartObject();
            WriteRule(json, hour, "changed");
            json.WriteEndObject();
        }

        foreach (var (path, times) in result.Stripped)
        {
            if (written++ < most) WriteRemoved(json, document, path[(document.Name.Length + 1)..], path, times);
        }

        json.WriteEndArray();
        return written;
    }

    /// <summary>Writes the content of a session's item: names and values of the fields.</summary>
    public void WriteValues(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            json.WritePropertyName(field.Rule.Document!.As!);
            WriteValue(json, field.Rule, field.Clean);
        }

        json.WriteEndObject();
    }

    private void WriteKept(Utf8JsonWriter json, Field field)
    {
        json.WriteStartObject();
        WriteRule(json, field.Rule.Document!, IsAsSent(field) ? "kept" : "changed");
        if (field.Entry is { } entry) json.WriteNumber("entry", entry);
        json.WriteString("as", field.Rule.Document!.As);
        if (field.Clean.List is { } list)
        {
            json.WriteNumber("entries", list.Count);
        }
        else
        {
            json.WritePropertyName("value");
            WriteValue(json, field.Rule, field.Clean);
        }

        json.WriteEndObject();
    }

    private void WriteRemoved(Utf8JsonWriter json, EventDocument document, string field, string path, int times)
    {
        json.WriteStartObject();
        if (document.Fields!.FirstOrDefault(f => f.Field == field) is { } rule)
        {
            WriteRule(json, rule, "removed");
            json.WriteString("why", rule.Do == FieldAction.Drop ? "rule" : reasons.GetValueOrDefault(path, "value"));
        }
        else
        {
            json.WriteString("field", field);
            json.WriteString("outcome", "removed");
            json.WriteString("why", field.EndsWith("[]", StringComparison.Ordinal) ? "entry" : "not_named");
        }

        json.WriteNumber("times", times);
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, FieldDocument rule, string outcome)
    {
        json.WriteString("field", rule.Field);
        json.WriteString("outcome", outcome);
        json.WriteString("do", JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.Do.ToString()));
        json.WriteString("sentence", rule.Sentence);
        if (rule.Because is not null) json.WriteString("because", rule.Because);
    }

    private static void WriteValue(Utf8JsonWriter json, FieldRule rule, CleanValue clean)
    {
        if (clean.Text is { } text) json.WriteStringValue(text);
        else if (rule.Document!.Type == FieldType.Boolean) json.WriteBooleanValue(clean.Number == 1);
        else if (clean.Number is { } number) json.WriteNumberValue(number);
        else
        {
            json.WriteStartArray();
            foreach (var one in clean.Texts ?? []) json.WriteStringValue(one);
            json.WriteEndArray();
        }
    }

    // Whether the kept value is written exactly as it was sent.
    private bool IsAsSent(Field field)
    {
        var raw = field.Sent.In(body);
        return field.Clean switch
        {
            { Text: { } text } => TextOf(field.Sent) == text,
            { Number: { } number } => field.Rule.Document!.Type == FieldType.Boolean || raw.SequenceEqual(Ascii(number)),
            { Texts: { } texts } => Texts(field.Sent).SequenceEqual(texts),
            _ => true,
        };
    }

    private List<string?> Texts(RawValue list)
    {
        var texts = new List<string?>();
        var reader = list.Entries(body);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) texts.Add(TextOf(RawValue.Take(ref reader, list.Start)));
        return texts;
    }

    private string? TextOf(RawValue sent)
    {
        var buffer = new char[sent.Length];
        return sent.TryCopyText(body, buffer, out var length) ? new string(buffer, 0, length) : null;
    }

    private static byte[] Ascii(long number) => System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private sealed record Field(FieldRule Rule, int? Entry, RawValue Sent, CleanValue Clean);
}
