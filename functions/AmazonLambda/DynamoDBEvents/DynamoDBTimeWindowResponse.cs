using System.Text.Json.Serialization;

namespace Amazon.Lambda.DynamoDBEvents;

/// <summary>The answer to a <see cref="DynamoDBTimeWindowEvent"/>. Lambda takes an answer without a state for a failure.</summary>
public class DynamoDBTimeWindowResponse
{
    [JsonPropertyName("state")]
    [JsonConverter(typeof(Converters.DictionaryLongToStringJsonConverter))]
    public Dictionary<string, string>? State { get; set; }

    /// <summary>The batch is tried again from the lowest of them.</summary>
    [JsonPropertyName("batchItemFailures")]
    public IList<BatchItemFailure>? BatchItemFailures { get; set; }

    public class BatchItemFailure
    {
        /// <summary>A record's sequence number.</summary>
        [JsonPropertyName("itemIdentifier")]
        public string? ItemIdentifier { get; set; }
    }
}
