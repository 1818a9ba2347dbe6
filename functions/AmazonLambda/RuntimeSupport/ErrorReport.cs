using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What is said of an exception to Lambda and in the log.</summary>
internal static class ErrorReport
{
    /// <summary>
    /// The message of an exception of this project. Any other (of the framework, of the AWS SDK) may quote what was read, so it is left
    /// out: neither Lambda's caller nor a log may see an event.
    /// </summary>
    public static string SafeMessage(Exception exception)
    {
        var space = exception.GetType().Namespace ?? "";
        return IsWithin(space, "Collector") || IsWithin(space, "Amazon.Lambda")
            ? exception.Message
            : "The function failed; its log has the stack trace.";
    }

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

    private static bool IsWithin(string space, string root) =>
        space.StartsWith(root, StringComparison.Ordinal) && (space.Length == root.Length || space[root.Length] == '.');
}
