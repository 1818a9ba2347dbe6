using System.Buffers;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// Reads and writes policy.json by hand, because each process does this before its first event: <see cref="JsonSerializer"/> with generated
/// code took 8 % more of a cold start (docs/benchmarks.md). <c>PolicyFileTests</c> compares the results with the serializer's.
/// </summary>
internal static class PolicyFile
{
    /// <exception cref="InvalidDataException">
    /// The file is not JSON, or a member is missing, unknown or of the wrong shape.
    /// </exception>
    public static PolicyDocument Read(ReadOnlySpan<byte> json)
    {
        var members = new PolicyMembers(Parse(json), "the policy");
        var document = new PolicyDocument(
            members.Small("version"u8) ?? throw members.Missing("version"),
            members.Text("about"u8) ?? throw members.Missing("about"),
            members.Table("retention"u8, Retention) ?? throw members.Missing("retention"),
            members.List("events"u8, Event) ?? throw members.Missing("events"),
            members.Flag("track_events"u8) ?? true,
            members.TextTable("sentences"u8));
        members.End();
        return document;
    }

    /// <summary>The body of <c>GET /policy</c>, from which the policy's hash is computed.</summary>
    public static byte[] Write(PolicyDocument document)
    {
        var bytes = new ArrayBufferWriter<byte>(64 * 1024);
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartObject();
        writer.WriteNumber("version"u8, document.Version);
        writer.WriteString("about"u8, document.About);
        writer.WriteStartObject("retention"u8);
        foreach (var (kind, retention) in document.Retention) Write(writer, kind, retention);
        writer.WriteEndObject();
        writer.WriteStartArray("events"u8);
        foreach (var entry in document.Events) Write(writer, entry);
        writer.WriteEndArray();
        writer.WriteBoolean("track_events"u8, document.TrackEvents);
        if (document.Sentences is { } sentences)
        {
            writer.WriteStartObject("sentences"u8);
            foreach (var (name, sentence) in sentences) writer.WriteString(name, sentence);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            var value = JsonElement.ParseValue(ref reader);
            // Anything after the value is a JsonException too.
            reader.Read();
            return value;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"policy.json: {e.Message}", e);
        }
    }

    private static RetentionDocument Retention(JsonElement json)
    {
        var members = new PolicyMembers(json, "a retention");
        var retention = new RetentionDocument(
            members.Text("holds"u8) ?? throw members.Missing("holds"), members.Small("days"u8), members.Text("parameter"u8));
        members.End();
        return retention;
    }

    private static EventDocument Event(JsonElement json)
    {
        var members = new PolicyMembers(json, "an event");
        var entry = new EventDocument(
            members.Text("name"u8) ?? throw members.Missing("name"),
            members.Name<EventKind>("kind"u8) ?? throw members.Missing("kind"),
            members.Flag("collected"u8) ?? throw members.Missing("collected"),
            members.Text("sentence"u8) ?? throw members.Missing("sentence"),
            members.Name<Tier>("tier"u8),
            members.Text("endpoint"u8),
            members.Text("because"u8),
            members.Flag("feature"u8) ?? false,
            members.List("fields"u8, Field));
        members.End();
        return entry;
    }

    private static FieldDocument Field(JsonElement json)
    {
        var members = new PolicyMembers(json, "a field");
        var field = new FieldDocument(
            members.Text("field"u8) ?? throw members.Missing("field"),
            members.Name<FieldAction>("do"u8) ?? throw members.Missing("do"),
            members.Text("sentence"u8) ?? throw members.Missing("sentence"))
        {
            Because = members.Text("because"u8),
            Type = members.Name<FieldType>("type"u8) ?? FieldType.Text,
            As = members.Text("as"u8),
            Role = members.Name<FieldRole>("role"u8) ?? FieldRole.Value,
            Required = members.Flag("required"u8) ?? false,
            Tier = members.Name<Tier>("tier"u8),
            Pattern = members.Text("pattern"u8),
            Values = members.Texts("values"u8),
            MaxLength = members.Small("max_length"u8) ?? FieldDocument.UsualLength,
            AtMost = members.Small("at_most"u8),
            Min = members.Number("min"u8) ?? 0,
            Max = members.Number("max"u8) ?? long.MaxValue,
            When = members.Any("when"u8) is { } when ? Condition(when) : null,
            Program = members.Text("program"u8),
            Repeat = members.Small("repeat"u8),
            Keeps = members.Any("keeps"u8),
            KeptAs = members.Any("kept_as"u8),
            Removes = members.Any("removes"u8),
        };
        members.End();
        return field;
    }

    private static Condition Condition(JsonElement json)
    {
        var members = new PolicyMembers(json, "a condition");
        var condition = new Condition(members.Text("field"u8) ?? throw members.Missing("field"), members.Number("at_least"u8));
        members.End();
        return condition;
    }

    private static void Write(Utf8JsonWriter writer, string kind, RetentionDocument retention)
    {
        writer.WriteStartObject(kind);
        writer.WriteString("holds"u8, retention.Holds);
        Write(writer, "days"u8, retention.Days);
        Write(writer, "parameter"u8, retention.Parameter);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, EventDocument entry)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, entry.Name);
        writer.WriteString("kind"u8, PolicyNames<EventKind>.Of(entry.Kind));
        writer.WriteBoolean("collected"u8, entry.Collected);
        writer.WriteString("sentence"u8, entry.Sentence);
        Write(writer, "tier"u8, entry.Tier);
        Write(writer, "endpoint"u8, entry.Endpoint);
        Write(writer, "because"u8, entry.Because);
        writer.WriteBoolean("feature"u8, entry.Feature);
        if (entry.Fields is { } fields)
        {
            writer.WriteStartArray("fields"u8);
            foreach (var field in fields) Write(writer, field);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, FieldDocument field)
    {
        writer.WriteStartObject();
        writer.WriteString("field"u8, field.Field);
        writer.WriteString("do"u8, PolicyNames<FieldAction>.Of(field.Do));
        writer.WriteString("sentence"u8, field.Sentence);
        Write(writer, "because"u8, field.Because);
        writer.WriteString("type"u8, PolicyNames<FieldType>.Of(field.Type));
        Write(writer, "as"u8, field.As);
        writer.WriteString("role"u8, PolicyNames<FieldRole>.Of(field.Role));
        writer.WriteBoolean("required"u8, field.Required);
        Write(writer, "tier"u8, field.Tier);
        Write(writer, "pattern"u8, field.Pattern);
        if (field.Values is { } values)
        {
            writer.WriteStartArray("values"u8);
            foreach (var value in values) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        writer.WriteNumber("max_length"u8, field.MaxLength);
        Write(writer, "at_most"u8, field.AtMost);
        writer.WriteNumber("min"u8, field.Min);
        writer.WriteNumber("max"u8, field.Max);
        if (field.When is { } when)
        {
            writer.WriteStartObject("when"u8);
            writer.WriteString("field"u8, when.Field);
            Write(writer, "at_least"u8, when.AtLeast);
            writer.WriteEndObject();
        }

        Write(writer, "program"u8, field.Program);
        Write(writer, "repeat"u8, field.Repeat);
        Write(writer, "keeps"u8, field.Keeps);
        Write(writer, "kept_as"u8, field.KeptAs);
        Write(writer, "removes"u8, field.Removes);
        writer.WriteEndObject();
    }

    // Null members are left out.
    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value) writer.WriteNumber(name, value);
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Tier? tier)
    {
        if (tier is { } value) writer.WriteString(name, PolicyNames<Tier>.Of(value));
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement? json)
    {
        if (json is not { } value) return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
