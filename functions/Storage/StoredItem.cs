using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>A stored item, to be shown to its owner in full.</summary>
internal sealed class StoredItem(Dictionary<string, AttributeValue> item)
{
    /// <summary>An attribute's text. Throws <see cref="KeyNotFoundException"/> when the item has no attribute of this name.</summary>
    public string Text(string name) => item[name].S;

    /// <summary>An attribute's number. Throws <see cref="KeyNotFoundException"/> when the item has no attribute of this name.</summary>
    public long Number(string name) => item[name].ToLong();

    /// <summary>
    /// Writes all attributes: texts, numbers and booleans unchanged, sets of texts as arrays, bytes (the policy's
    /// hash) as hexadecimal digits.
    /// </summary>
    public void WriteTo(Utf8JsonWriter json) => Write(json, item);

    private static void Write(Utf8JsonWriter json, Dictionary<string, AttributeValue> attributes)
    {
        json.WriteStartObject();
        foreach (var (name, value) in attributes)
        {
            json.WritePropertyName(name);
            if (value.S is { } text) json.WriteStringValue(text);
            else if (value.N is { } number) json.WriteRawValue(number);
            else if (value.BOOL is { } flag) json.WriteBooleanValue(flag);
            else if (value.B is { } bytes) json.WriteStringValue(Convert.ToHexStringLower(bytes.ToArray()));
            else if (value.SS is { } texts) WriteAll(json, texts);
            else Write(json, value.M);
        }

        json.WriteEndObject();
    }

    // A set has no order; sorted, the same item always looks the same.
    private static void WriteAll(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts.Order(StringComparer.Ordinal)) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
