using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Collector.Observability;

/// <summary>
/// Writes one JSON line per invocation. It is both the log line and, in CloudWatch's embedded metric format, the metrics:
/// <code>{"timestamp", "level", "requestId", "function", "outcome", "status"?, "duration_ms", "cold_start", counts …, "store_calls",
/// "store_latency_ms": [ms …],
/// "_aws": {"Timestamp", "CloudWatchMetrics": [{"Namespace", "Dimensions": [["function"]], "Metrics": [{"Name", "Unit"}]}]}}</code>
/// The only dimension is the function. Warnings and errors are written by the runtime's logger.
/// </summary>
internal sealed class InvocationLog(Stream output, string function, string metricsNamespace, TimeProvider time)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock gate = new();
    private readonly ArrayBufferWriter<byte> line = new(1024);
    private bool cold = true;

    /// <summary>Runs one invocation and writes its line, also when it throws.</summary>
    public async Task<T> Observe<T>(ILambdaContext context, Func<Task<T>> handle)
    {
        var report = new InvocationReport(time);
        InvocationReport.Enter(report);
        var outcome = "failed";
        try
        {
            var answer = await handle();
            outcome = report.Outcome ?? Outcome(report.Status);
            return answer;
        }
        finally
        {
            Write(context.AwsRequestId, report, outcome);
            cold = false;
        }
    }

    private static string Outcome(int? status) => status switch
    {
        null or < 400 => "done",
        < 500 => "refused",
        503 => "unavailable",
        _ => "failed",
    };

    private void Write(string requestId, InvocationReport report, string outcome)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, WriterOptions))
            {
                json.WriteStartObject();
                json.WriteString("timestamp"u8, now.UtcDateTime);
                json.WriteString("level"u8, "Information"u8);
                json.WriteString("requestId"u8, requestId);
                json.WriteString("function"u8, function);
                json.WriteString("outcome"u8, outcome);
                if (report.Status is { } status) json.WriteNumber("status"u8, status);
                json.WriteBoolean("cold_start"u8, cold);
                json.WriteNumber("store_calls"u8, report.StoreCalls);
                json.WriteNumber("duration_ms"u8, Rounded(report.Elapsed.TotalMilliseconds));
                foreach (var (name, amount) in report.Counts) json.WriteNumber(name, amount);
                if (cold) json.WriteNumber("cold_starts"u8, 1);
                if (report.Lag is { } lag) json.WriteNumber("lag_ms"u8, Rounded(lag.TotalMilliseconds));
                if (report.StoreLatencies.Count > 0)
                {
                    json.WriteStartArray("store_latency_ms"u8);
                    foreach (var latency in report.StoreLatencies) json.WriteNumberValue(Rounded(latency));
                    json.WriteEndArray();
                }

                WriteMetrics(json, report, now);
                json.WriteEndObject();
            }

            line.Write("\n"u8);
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }

    // Every metric that is named here must be in the line; otherwise CloudWatch ignores all of them.
    private void WriteMetrics(Utf8JsonWriter json, InvocationReport report, DateTimeOffset now)
    {
        json.WriteStartObject("_aws"u8);
        json.WriteNumber("Timestamp"u8, now.ToUnixTimeMilliseconds());
        json.WriteStartArray("CloudWatchMetrics"u8);
        json.WriteStartObject();
        json.WriteString("Namespace"u8, metricsNamespace);
        json.WriteStartArray("Dimensions"u8);
        json.WriteStartArray();
        json.WriteStringValue("function"u8);
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("Metrics"u8);
        Metric(json, "duration_ms", "Milliseconds");
        foreach (var name in report.Counts.Keys) Metric(json, name, "Count");
        if (cold) Metric(json, "cold_starts", "Count");
        if (report.Lag is not null) Metric(json, "lag_ms", "Milliseconds");
        if (report.StoreLatencies.Count > 0) Metric(json, "store_latency_ms", "Milliseconds");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Metric(Utf8JsonWriter json, string name, string unit)
    {
        json.WriteStartObject();
        json.WriteString("Name"u8, name);
        json.WriteString("Unit"u8, unit);
        json.WriteEndObject();
    }

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, 2);
}
