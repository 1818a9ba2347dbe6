using System.Text.Json.Serialization;

namespace Collector.Counting;

/// <summary>
/// The answer to a batch of a mapping with a tumbling window: <c>{"state": {…}, "batchItemFailures": [{"itemIdentifier": "…"}]}</c>. A type of our own,
/// since Amazon.Lambda.DynamoDBEvents 4.0.0 cannot write its own one: the converter of its state makes a serializer context from options that belong
/// to another one already.
/// </summary>
/// <param name="State">Comes back with the next batch of the window. Lambda takes an answer without a state for a failure.</param>
/// <param name="BatchItemFailures">Empty when all is counted; otherwise the batch is delivered again from the lowest of them.</param>
internal sealed record StreamAnswer(
    [property: JsonPropertyName("state")] IReadOnlyDictionary<string, string> State,
    [property: JsonPropertyName("batchItemFailures")] IReadOnlyList<BatchItemFailure> BatchItemFailures);

/// <param name="ItemIdentifier">A record's sequence number.</param>
internal sealed record BatchItemFailure([property: JsonPropertyName("itemIdentifier")] string ItemIdentifier);
