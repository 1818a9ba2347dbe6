using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Writes a log line as one JSON object: <c>timestamp</c> (UTC), <c>level</c>, <c>requestId</c> and <c>traceId</c> of the invocation if
/// there is one, <c>message</c>; with an exception also <c>errorType</c>, <c>errorMessage</c> and <c>stackTrace</c>. Each line is written
/// and flushed at once, so that none is lost when Lambda freezes the environment. Thread-safe.
/// </summary>
internal sealed class JsonLogger(Stream output, TimeProvider clock, LogLevel minimum) : ILambdaLogger, IDisposable
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> line = new(512);
    private readonly Lock gate = new();
    private Utf8JsonWriter? writer;
    private string? requestId;
    private string? traceId;

    /// <summary>Sets the invocation that the next lines belong to.</summary>
    public void Enter(string? requestId, string? traceId)
    {
        lock (gate) (this.requestId, this.traceId) = (requestId, traceId);
    }

    public void Log(string message) => Write(LogLevel.Information, null, message);

    public void LogLine(string message) => Write(LogLevel.Information, null, message);

    public void Log(LogLevel level, string message) => Write(level, null, message);

    public void Log(LogLevel level, string message, params object?[] args)
    {
        if (level >= minimum) Write(level, null, LogTemplate.Format(message, args));
    }

    public void Log(LogLevel level, Exception exception, string message, params object?[] args)
    {
        if (level >= minimum) Write(level, exception, LogTemplate.Format(message, args));
    }

    public void Dispose() => writer?.Dispose();

    private void Write(LogLevel level, Exception? exception, string message)
    {
        if (level < minimum) return;

        lock (gate)
        {
            line.ResetWrittenCount();
            if (writer is null) writer = new Utf8JsonWriter(line, WriterOptions);
            else writer.Reset();

            writer.WriteStartObject();
            writer.WriteString("timestamp"u8, clock.GetUtcNow().UtcDateTime);
            writer.WriteString("level"u8, Name(level));
            if (requestId is not null) writer.WriteString("requestId"u8, requestId);
            if (traceId is not null) writer.WriteString("traceId"u8, traceId);
            writer.WriteString("message"u8, message);
            if (exception is not null)
            {
                writer.WriteString("errorType"u8, exception.GetType().FullName);
                writer.WriteString("errorMessage"u8, exception.Message);
                writer.WriteString("stackTrace"u8, exception.StackTrace);
            }

            writer.WriteEndObject();
            writer.Flush();
            line.Write("\n"u8);
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }

    private static ReadOnlySpan<byte> Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "Trace"u8,
        LogLevel.Debug => "Debug"u8,
        LogLevel.Information => "Information"u8,
        LogLevel.Warning => "Warning"u8,
        LogLevel.Error => "Error"u8,
        _ => "Critical"u8,
    };
}
