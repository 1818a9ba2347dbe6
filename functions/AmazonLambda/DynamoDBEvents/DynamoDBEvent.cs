using System.Text.Json.Serialization;

namespace Amazon.Lambda.DynamoDBEvents;

/// <summary>A batch of records from a table's stream, in the order of one shard.</summary>
public class DynamoDBEvent
{
    [JsonPropertyName("Records")]
    public IList<DynamodbStreamRecord>? Records { get; set; }

    /// <summary>One change of one item.</summary>
    public class DynamodbStreamRecord
    {
        [JsonPropertyName("eventSourceARN")]
        public string? EventSourceArn { get; set; }

        [JsonPropertyName("awsRegion")]
        public string? AwsRegion { get; set; }

        [JsonPropertyName("dynamodb")]
        public StreamRecord? Dynamodb { get; set; }

        [JsonPropertyName("eventID")]
        public string? EventID { get; set; }

        /// <summary><c>INSERT</c>, <c>MODIFY</c> or <c>REMOVE</c>.</summary>
        [JsonPropertyName("eventName")]
        public string? EventName { get; set; }

        [JsonPropertyName("eventSource")]
        public string? EventSource { get; set; }

        [JsonPropertyName("eventVersion")]
        public string? EventVersion { get; set; }

        /// <summary>The service that made the change on its own, as in a time-to-live deletion; null for all other changes.</summary>
        [JsonPropertyName("userIdentity")]
        public Identity? UserIdentity { get; set; }
    }

    /// <summary>The item before and after, as far as the stream's view type shows it.</summary>
    public class StreamRecord
    {
        /// <summary>The time in UTC; in JSON it is Unix time in seconds, with or without a fraction.</summary>
        [JsonPropertyName("ApproximateCreationDateTime")]
        public DateTime ApproximateCreationDateTime { get; set; }

        [JsonPropertyName("Keys")]
        public Dictionary<string, AttributeValue>? Keys { get; set; }

        [JsonPropertyName("NewImage")]
        public Dictionary<string, AttributeValue>? NewImage { get; set; }

        [JsonPropertyName("OldImage")]
        public Dictionary<string, AttributeValue>? OldImage { get; set; }

        /// <summary>A decimal number of up to 40 digits that grows within a shard.</summary>
        [JsonPropertyName("SequenceNumber")]
        public string? SequenceNumber { get; set; }

        [JsonPropertyName("SizeBytes")]
        public long SizeBytes { get; set; }

        [JsonPropertyName("StreamViewType")]
        public string? StreamViewType { get; set; }
    }

    /// <summary>For a time-to-live deletion: <c>Service</c>, <c>dynamodb.amazonaws.com</c>.</summary>
    public class Identity
    {
        [JsonPropertyName("principalId")]
        public string? PrincipalId { get; set; }

        [JsonPropertyName("type")]
        public string? Type { get; set; }
    }

    /// <summary>A value of an item: exactly one of the members is set.</summary>
    public class AttributeValue
    {
        [JsonPropertyName("S")]
        public string? S { get; set; }

        /// <summary>A number as text, up to 38 digits.</summary>
        [JsonPropertyName("N")]
        public string? N { get; set; }

        /// <summary>Bytes; in JSON they are base64.</summary>
        [JsonPropertyName("B")]
        public MemoryStream? B { get; set; }

        [JsonPropertyName("BOOL")]
        public bool? BOOL { get; set; }

        [JsonPropertyName("NULL")]
        public bool? NULL { get; set; }

        [JsonPropertyName("SS")]
        public List<string>? SS { get; set; }

        [JsonPropertyName("NS")]
        public List<string>? NS { get; set; }

        [JsonPropertyName("BS")]
        public List<MemoryStream>? BS { get; set; }

        [JsonPropertyName("L")]
        public List<AttributeValue>? L { get; set; }

        [JsonPropertyName("M")]
        public Dictionary<string, AttributeValue>? M { get; set; }
    }
}
