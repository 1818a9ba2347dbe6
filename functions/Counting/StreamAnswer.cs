using System.Text.Json.Serialization;

namespace Collector.Counting;

/// <summary>
/// The answer to a batch of an event source mapping with a tumbling window: <c>{"state": {…}, "batchItemFailures": [{"itemIdentifier":
/// "…"}]}</c>. It replaces the type in Amazon.Lambda.DynamoDBEvents 4.0.0, which cannot be written: the converter of its state creates a
/// serializer context from options that already belong to another context.
/// </summary>
/// <param name="State">Passed on with the next batch of the window. Lambda treats an answer without a state as a failure.</param>
/// <param name="BatchItemFailures">
/// Empty when everything is counted; otherwise the batch is delivered again from the lowest of them.
/// </param>
internal sealed record StreamAnswer(
    [property: JsonPropertyName("state")] IReadOnlyDictionary<string, string> State,
    [property: JsonPropertyName("batchItemFailures")] IReadOnlyList<BatchItemFailure> BatchItemFailures);

/// <param name="ItemIdentifier">A record's sequence number.</param>
internal sealed record BatchItemFailure([property: JsonPropertyName("itemIdentifier")] string ItemIdentifier);
