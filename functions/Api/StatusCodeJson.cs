using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Collector.Api;

/// <summary>
/// Writes the name under which a status code is counted: the code as a number, or the class of codes as a text (<c>"4xx"</c>).
/// </summary>
internal sealed class StatusCodeJson : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
        ? reader.GetInt32().ToString(CultureInfo.InvariantCulture) : reader.GetString()!;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var code)) writer.WriteNumberValue(code);
        else writer.WriteStringValue(value);
    }
}
