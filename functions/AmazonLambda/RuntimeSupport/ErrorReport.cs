using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The format of an error for the Runtime API.</summary>
internal static class ErrorReport
{
    /// <summary>Writes <c>{"errorMessage", "errorType", "stackTrace": []}</c>.</summary>
    public static void Write(Stream output, string message, string type)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("errorMessage"u8, message);
        writer.WriteString("errorType"u8, type);
        writer.WriteStartArray("stackTrace"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
