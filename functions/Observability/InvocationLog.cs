using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;

namespace Collector.Observability;

/// <summary>
/// Writes one JSON line per invocation. It is both the log line and, in CloudWatch's embedded metric format, the metrics:
/// <code>{"timestamp", "level", "requestId", "function", "outcome", "status"?, "duration_ms", "cold_start", counts …, "store_calls",
/// "store_latency_ms": [ms …],
/// "_aws": {"Timestamp", "CloudWatchMetrics": [{"Namespace", "Dimensions": [["function"]], "Metrics": [{"Name", "Unit"}]}, …]}}</code>
/// The only dimension is the function; <c>time_used_percent</c>, the used part of the time-out, has none. Warnings and errors are written
/// by the runtime's logger.
/// </summary>
internal sealed class InvocationLog(Stream output, string function, string metricsNamespace, TimeProvider time)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock gate = new();
    private readonly ArrayBufferWriter<byte> line = new(1024);
    private bool cold = true;

    /// <summary>
    /// Turns a handler of objects into a handler of bytes that writes a line for each invocation. Events are read and answers are written
    /// here and not by the Lambda runtime, for two reasons: the line says <c>done</c> only when the answer is written, and no exception
    /// reaches the runtime, which would report and log its message. That message may quote the event (I1).
    /// </summary>
    /// <param name="handle">The handler.</param>
    /// <param name="serializer">The serializer for both types.</param>
    /// <param name="unreadable">The answer to an event that cannot be read; null makes the invocation fail.</param>
    public Func<Stream, ILambdaContext, Task<Stream>> Observe<TRequest, TResponse>(
        Func<TRequest, ILambdaContext, Task<TResponse>> handle, ILambdaSerializer serializer, Func<TResponse>? unreadable = null)
        where TRequest : class => (input, context) => Run(context, async () =>
    {
        var response = Read<TRequest>(input, serializer, context) is { } request ? await handle(request, context)
            : unreadable is not null ? unreadable()
            : throw new InvocationFailedException($"The event cannot be read as {typeof(TRequest).Name}.");
        // The runtime disposes it.
        var output = new MemoryStream();
        serializer.Serialize(response, output);
        output.Position = 0;
        return (output, (response as APIGatewayProxyResponse)?.StatusCode);
    });

    /// <summary>The same for a handler that ignores its event and has no answer.</summary>
    public Func<Stream, ILambdaContext, Task<Stream>> Observe(Func<ILambdaContext, Task> handle) => (_, context) => Run(context, async () =>
    {
        await handle(context);
        return (Stream.Null, null);
    });

    private async Task<Stream> Run(ILambdaContext context, Func<Task<(Stream Output, int? Status)>> handle)
    {
        var report = new InvocationReport(time);
        InvocationReport.Enter(report);
        int? answered = null;
        var outcome = "failed";
        try
        {
            (var output, answered) = await handle();
            outcome = report.Outcome ?? Outcome(answered);
            return output;
        }
        catch (Exception e) when (e is not InvocationFailedException)
        {
            context.Logger.LogError(Failure.Describe(e));
            throw new InvocationFailedException(Failure.Summarise(e));
        }
        finally
        {
            Write(context, report, outcome, answered);
            cold = false;
        }
    }

    private static T? Read<T>(Stream input, ILambdaSerializer serializer, ILambdaContext context)
        where T : class
    {
        try
        {
            return serializer.Deserialize<T>(input);
        }
#pragma warning disable CA1031 // Any exception means that the serializer cannot read the event. The message may quote the event.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Logger.LogError($"The event cannot be read as {typeof(T).Name}: {e.GetType().FullName}");
            return null;
        }
    }

    private static string Outcome(int? status) => status switch
    {
        null or < 400 => "done",
        < 500 => "refused",
        503 => "unavailable",
        _ => "failed",
    };

    private void Write(ILambdaContext context, InvocationReport report, string outcome, int? status)
    {
        var timeUsed = report.UsesAllItsTime ? (double?)null : TimeUsed(report.Elapsed, context.RemainingTime);
        lock (gate)
        {
            var now = time.GetUtcNow();
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, WriterOptions))
            {
                json.WriteStartObject();
                json.WriteString("timestamp"u8, now.UtcDateTime);
                json.WriteString("level"u8, "Information"u8);
                json.WriteString("requestId"u8, context.AwsRequestId);
                json.WriteString("function"u8, function);
                json.WriteString("outcome"u8, outcome);
                if (status is { } answered) json.WriteNumber("status"u8, answered);
                json.WriteBoolean("cold_start"u8, cold);
                json.WriteNumber("store_calls"u8, report.StoreCalls);
                json.WriteNumber("duration_ms"u8, Rounded(report.Elapsed.TotalMilliseconds));
                if (timeUsed is { } percent) json.WriteNumber("time_used_percent"u8, Rounded(percent));
                foreach (var (name, amount) in report.Counts) json.WriteNumber(name, amount);
                if (cold) json.WriteNumber("cold_starts"u8, 1);
                if (report.Lag is { } lag) json.WriteNumber("lag_ms"u8, Rounded(lag.TotalMilliseconds));
                if (report.StoreLatencies.Count > 0)
                {
                    json.WriteStartArray("store_latency_ms"u8);
                    foreach (var latency in report.StoreLatencies) json.WriteNumberValue(Rounded(latency));
                    json.WriteEndArray();
                }

                if (!report.IsIdle) WriteMetrics(json, report, timeUsed is not null, now);
                json.WriteEndObject();
            }

            line.Write("\n"u8);
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }

    // Every metric that is named here must be in the line; otherwise CloudWatch ignores all of them.
    private void WriteMetrics(Utf8JsonWriter json, InvocationReport report, bool timeUsed, DateTimeOffset now)
    {
        json.WriteStartObject("_aws"u8);
        json.WriteNumber("Timestamp"u8, now.ToUnixTimeMilliseconds());
        json.WriteStartArray("CloudWatchMetrics"u8);
        StartDirective(json, "function");
        Metric(json, "duration_ms", "Milliseconds");
        foreach (var name in report.Counts.Keys) Metric(json, name, "Count");
        if (cold) Metric(json, "cold_starts", "Count");
        if (report.Lag is not null) Metric(json, "lag_ms", "Milliseconds");
        if (report.StoreLatencies.Count > 0) Metric(json, "store_latency_ms", "Milliseconds");
        EndDirective(json);
        if (timeUsed)
        {
            // Without a dimension: one metric for all functions, so that one alarm is enough for all of them.
            StartDirective(json, null);
            Metric(json, "time_used_percent", "Percent");
            EndDirective(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // The function's time-out is not known here, only the remaining time.
    private static double TimeUsed(TimeSpan elapsed, TimeSpan remaining) =>
        remaining > TimeSpan.Zero ? 100 * elapsed / (elapsed + remaining) : 100;

    private void StartDirective(Utf8JsonWriter json, string? dimension)
    {
        json.WriteStartObject();
        json.WriteString("Namespace"u8, metricsNamespace);
        json.WriteStartArray("Dimensions"u8);
        json.WriteStartArray();
        if (dimension is not null) json.WriteStringValue(dimension);
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("Metrics"u8);
    }

    private static void EndDirective(Utf8JsonWriter json)
    {
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
