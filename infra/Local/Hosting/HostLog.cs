using System.Globalization;
using System.Text.Json;

namespace Collector.Local.Hosting;

/// <summary>
/// The host's output: short lines, which stay whole when several threads write. Of a request, it contains only the route, the status, the
/// duration and counts. Lines for developers of the host or the functions appear only with <paramref name="verbose"/>. With
/// <paramref name="colour"/>, a request's status is coloured.
/// </summary>
internal sealed class HostLog(TextWriter output, bool verbose = false, bool colour = false)
{
    private const string Red = "\e[31m", Yellow = "\e[33m", Green = "\e[32m", Plain = "\e[0m";

    private readonly Lock gate = new();

    public void Line(string text)
    {
        lock (gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }

    /// <summary>A line that is left out unless the host is verbose.</summary>
    public void Detail(string text)
    {
        if (verbose) Line(text);
    }

    /// <summary><c>POST /v1/events 200 18 ms 20 received, 19 stored</c></summary>
    /// <param name="method">The request's method.</param>
    /// <param name="route">Its route. The path may contain a session's id.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="answer">The answer's body; only its counts are shown.</param>
    public void Request(string method, string route, int status, TimeSpan took, ReadOnlyMemory<byte> answer)
    {
        var shown = colour
            ? $"{(status < 400 ? Green : status < 500 ? Yellow : Red)}{status}{Plain}" : status.ToString(CultureInfo.InvariantCulture);
        Line(string.Create(CultureInfo.InvariantCulture, $"{method} {route} {shown} {took.TotalMilliseconds:0} ms{Counts(answer)}"));
    }

    /// <summary>
    /// A line that a function has written. Its JSON lines are for CloudWatch: unless the host is verbose, only the messages of warnings and
    /// errors are shown.
    /// </summary>
    public void Function(string name, string line)
    {
        if (verbose || !line.StartsWith('{')) Line($"[{name}] {line}");
        else if (Trouble(line) is { } trouble) Line($"[{name}] {(colour ? Red + trouble + Plain : trouble)}");
    }

    private static string Counts(ReadOnlyMemory<byte> answer)
    {
        // Only the answers of ingest begin like this.
        if (!answer.Span.StartsWith("{\"received\":"u8)) return "";
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.TryGetProperty("stored", out var stored)
            ? $" {json.RootElement.GetProperty("received")} received, {stored} stored" : "";
    }

    private static string? Trouble(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return Text(json, "level") is "Warning" or "Error" or "Critical" && Text(json, "message") is { } message
                ? message.Split('\n')[0] : null;
        }
        catch (JsonException)
        {
            return line;
        }
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
