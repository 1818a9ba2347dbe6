using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// A DynamoDB that answers at once, in DynamoDB's format (with the checksum that the SDKs verify): every session is a registered Pro
/// session, none is deleted or opted out, and every condition holds.
/// </summary>
internal sealed class DynamoDbStub : IDisposable
{
    private readonly HttpStub http;
    private readonly byte[] item;
    private readonly byte[] marks = Message("""{"Responses":{},"UnprocessedKeys":{}}""");
    private readonly byte[] counter = Message("""{"Attributes":{"metric":{"S":"metric"},"group":{"S":"group"},"calls":{"N":"1"}}}""");
    private readonly byte[] done = Message("{}");

    public DynamoDbStub(TimeProvider time)
    {
        var now = time.GetUtcNow();
        item = Message(string.Create(
            CultureInfo.InvariantCulture,
            $$$$"""{"Item":{"standing":{"S":"pro"},"active_on":{"S":"{{{{now:yyyy-MM-dd}}}}"},"started_at":{"N":"{{{{now.ToUnixTimeMilliseconds()}}}}"}}}"""));
        http = new HttpStub(Answer);
    }

    /// <summary>The endpoint for the SDKs.</summary>
    public string Url => "http://" + http.Address;

    /// <summary>Receives the body of each PutItem, if set.</summary>
    public Action<byte[]>? Put { get; set; }

    public void Dispose() => http.Dispose();

    private static byte[] Message(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return HttpStub.Message("200 OK", string.Create(
            CultureInfo.InvariantCulture,
            $"Server: Server\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: 4KBNVRGD25RG1KEO9UT4V3FQDJVV4KQNSO5AEMVJF66Q9ASUAAJG\r\nx-amz-crc32: {Crc32.HashToUInt32(body)}\r\n"), body);
    }

    private ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var target = head.IndexOf("DynamoDB_20120810."u8);
        if (target < 0) throw new InvalidDataException("not DynamoDB's protocol: " + Encoding.ASCII.GetString(head));
        var action = head[(target + "DynamoDB_20120810.".Length)..];
        if (action.StartsWith("PutItem"u8)) Put?.Invoke(body.ToArray());
        return action.StartsWith("GetItem"u8) ? item
            : action.StartsWith("BatchGetItem"u8) ? marks
            : action.StartsWith("UpdateItem"u8) && body.IndexOf("ALL_NEW"u8) >= 0 ? counter
            : done;
    }
}
