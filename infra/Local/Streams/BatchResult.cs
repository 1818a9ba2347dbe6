using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Local.Lambda;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>The result of an invocation for its batch.</summary>
/// <param name="Done">How many records from the front were processed; all of them if the batch succeeded.</param>
/// <param name="State">The tumbling window's state as the function returned it.</param>
/// <param name="Invoked">False when the function was not invoked (throttled).</param>
internal sealed record BatchResult(int Done, JsonObject? State, bool Invoked)
{
    private static readonly BatchResult Failed = new(0, null, true);

    /// <summary>
    /// Reads an answer by Lambda's rules. Without ReportBatchItemFailures its content does not matter. With it, the lowest failed sequence
    /// number counts, and an identifier that is empty or not in the batch fails the whole batch. In a tumbling window, an answer without a
    /// state is a failure.
    /// </summary>
    public static BatchResult Read(InvocationResult result, IReadOnlyList<StreamRecord> records, MappingDefinition mapping)
    {
        if (result.Outcome == InvocationOutcome.Throttled)
            return new BatchResult(0, null, false);
        if (!result.Succeeded)
            return Failed;

        JsonNode? answer;
        try
        {
            answer = result.Payload.IsEmpty ? null : JsonNode.Parse(result.Payload.Span);
        }
        catch (JsonException)
        {
            return Failed;
        }

        JsonObject? state = null;
        if (mapping.TumblingWindow > TimeSpan.Zero)
        {
            if (answer is not JsonObject windowed || !windowed.ContainsKey("state"))
                return Failed;
            state = windowed.Object("state") ?? [];
        }

        if (!mapping.ReportsItemFailures || answer is not JsonObject fields
            || fields["batchItemFailures"] is not JsonArray { Count: > 0 } failures)
            return new BatchResult(records.Count, state, true);

        var first = records.Count;
        foreach (var failure in failures)
        {
            var identifier = failure.Text("itemIdentifier");
            var index = records.TakeWhile(record => record.SequenceNumber != identifier).Count();
            if (index == records.Count)
                return Failed;
            first = Math.Min(first, index);
        }

        return new BatchResult(first, state, true);
    }
}
