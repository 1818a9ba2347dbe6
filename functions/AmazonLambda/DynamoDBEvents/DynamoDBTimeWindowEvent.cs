using System.Text.Json.Serialization;

namespace Amazon.Lambda.DynamoDBEvents;

/// <summary>
/// The event of a stream mapping with a tumbling window: a batch, its shard, and the state that the last invocation returned.
/// </summary>
public class DynamoDBTimeWindowEvent : DynamoDBEvent
{
    [JsonPropertyName("window")]
    public TimeWindow? Window { get; set; }

    /// <summary>The state that the last invocation of this window returned; empty in the first one.</summary>
    [JsonPropertyName("state")]
    [JsonConverter(typeof(Converters.DictionaryLongToStringJsonConverter))]
    public Dictionary<string, string>? State { get; set; }

    [JsonPropertyName("shardId")]
    public string? ShardId { get; set; }

    [JsonPropertyName("eventSourceARN")]
    public string? EventSourceArn { get; set; }

    /// <summary>The window ends with this invocation; <see cref="DynamoDBEvent.Records"/> may be empty.</summary>
    [JsonPropertyName("isFinalInvokeForWindow")]
    public bool? IsFinalInvokeForWindow { get; set; }

    /// <summary>The state grew over Lambda's limit of 1 MB: the window continues with an empty one.</summary>
    [JsonPropertyName("isWindowTerminatedEarly")]
    public bool? IsWindowTerminatedEarly { get; set; }

    /// <summary>The time from <see cref="Start"/> to <see cref="End"/> (exclusive), in UTC, by the records' own time.</summary>
    public class TimeWindow
    {
        [JsonPropertyName("start")]
        public DateTime Start { get; set; }

        [JsonPropertyName("end")]
        public DateTime End { get; set; }
    }
}
