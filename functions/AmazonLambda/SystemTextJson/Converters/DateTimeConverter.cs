using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.Serialization.SystemTextJson.Converters;

/// <summary>
/// Reads a time in the formats of events: Unix time in seconds as a number, with or without a fraction (DynamoDB's stream records), or ISO
/// 8601 text (a window's limits). Writes ISO 8601.
/// </summary>
internal sealed class DateTimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var time = reader.GetDateTime();
            return time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time;
        }

        // A decimal, because a double loses part of the fraction: 1795332766.123 s in ticks is more than 2^53.
        var seconds = reader.GetDecimal();
        if (seconds is < -62_135_596_800m or >= 253_402_300_800m) throw new JsonException("A time is out of range.");

        return DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
