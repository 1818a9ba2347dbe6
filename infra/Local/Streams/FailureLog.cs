using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Local.Hosting;
using Collector.Local.Lambda;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>
/// Replaces a mapping's failure destination: each batch that was given up is one line, with the fields that Lambda sends to a queue. The
/// line does not contain the records, which can be read from the stream by their sequence numbers.
/// </summary>
/// <param name="file">Null writes to the host's log only.</param>
internal sealed class FailureLog(string? file, HostLog log, TimeProvider time)
{
    private readonly Lock gate = new();

    /// <param name="condition">RetryAttemptsExhausted or RecordAgeExceeded.</param>
    public void Write(
        MappingDefinition mapping, FunctionDefinition function, string streamArn, string shardId,
        IReadOnlyList<StreamRecord> records, string condition, int invocations, InvocationResult? last)
    {
        log.Line($"{mapping.Id}: {records.Count} records were given up ({condition})");
        if (file is null || !mapping.HasFailureDestination)
            return;
        var line = new JsonObject
        {
            ["requestContext"] = new JsonObject
            {
                ["requestId"] = last?.RequestId ?? LambdaIds.New(),
                ["functionArn"] = RuntimeApi.Arn(function),
                ["condition"] = condition,
                ["approximateInvokeCount"] = invocations,
            },
            ["responseContext"] = new JsonObject
            {
                ["statusCode"] = 200,
                ["executedVersion"] = "$LATEST",
                ["functionError"] = last is null || last.Succeeded ? null : "Unhandled",
            },
            ["version"] = "1.0",
            ["timestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ",
                System.Globalization.CultureInfo.InvariantCulture),
            ["DDBStreamBatchInfo"] = new JsonObject
            {
                ["shardId"] = shardId,
                ["startSequenceNumber"] = records[0].SequenceNumber,
                ["endSequenceNumber"] = records[^1].SequenceNumber,
                ["approximateArrivalOfFirstRecord"] = StreamEvent.Iso(records[0].Created),
                ["approximateArrivalOfLastRecord"] = StreamEvent.Iso(records[^1].Created),
                ["batchSize"] = records.Count,
                ["streamArn"] = streamArn,
            },
        }.ToJsonString();
        lock (gate)
            File.AppendAllText(file, line + "\n");
    }
}
