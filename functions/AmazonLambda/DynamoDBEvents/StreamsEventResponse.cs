using System.Text.Json.Serialization;

namespace Amazon.Lambda.DynamoDBEvents;

/// <summary>The answer to a <see cref="DynamoDBEvent"/> when the mapping reports partial failures.</summary>
public class StreamsEventResponse
{
    /// <summary>The failed records. The batch is tried again from the lowest of them.</summary>
    [JsonPropertyName("batchItemFailures")]
    public IList<BatchItemFailure>? BatchItemFailures { get; set; }

    public class BatchItemFailure
    {
        /// <summary>A record's sequence number.</summary>
        [JsonPropertyName("itemIdentifier")]
        public string? ItemIdentifier { get; set; }
    }
}
