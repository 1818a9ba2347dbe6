using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// Lambda's events for the Aggregator: batches of log items, as the collector's own executable wrote them, each with its own
/// sequence number.
/// </summary>
internal sealed class StreamBatches(IReadOnlyList<byte[]> puts, int records, TimeProvider time)
{
    // A placeholder for the time at which an item was received.
    private const string At = "#at#";

    private readonly string[] images = [.. puts.Select(Image)];
    private readonly string table = JsonNode.Parse(puts[0])!["TableName"]!.GetValue<string>();

    /// <summary>Lets the executable ingest batches, and records the log items that it writes.</summary>
    public static async Task<StreamBatches> Record(
        Peer ours, string handler, IReadOnlyList<Invocation> sent, int records, TimeProvider time)
    {
        var puts = new List<byte[]>();
        using var dynamoDb = new DynamoDbStub(time)
        {
            Put = put =>
            {
                lock (puts) puts.Add(put);
            },
        };
        await new Run(dynamoDb, time).Once(ours, handler, sent);
        return new StreamBatches(puts, records, time);
    }

    /// <summary>The batch with this number, from 0.</summary>
    public Invocation Batch(int number) => Batch(number, daysAgo: 0);

    /// <summary>The batch with this number, from 0, with log items received some days ago.</summary>
    public Invocation Batch(int number, int daysAgo)
    {
        var now = time.GetUtcNow().AddDays(-daysAgo);
        var created = now.ToUnixTimeSeconds();
        var at = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var list = Enumerable.Range(0, records).Select(i => string.Create(CultureInfo.InvariantCulture, $$$"""
            {"eventID":"c4ca4238a0b923820dcc509a6f75849b","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":{{{created}}},"SequenceNumber":"1{{{((long)number * records) + i:d20}}}","SizeBytes":1000,"StreamViewType":"NEW_AND_OLD_IMAGES","NewImage":{{{images[((number * records) + i) % images.Length].Replace(At, at, StringComparison.Ordinal)}}}},"eventSourceARN":"arn:aws:dynamodb:us-east-1:000000000000:table/{{{table}}}/stream/1"}
            """));
        return SentEvents.Of(
            Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"Records":[{{{string.Join(',', list)}}}],"shardId":"shardId-00000001","eventSourceARN":"arn:aws:dynamodb:us-east-1:000000000000:table/{{{table}}}/stream/1","state":{},"window":{"start":"2026-11-22T07:30:00Z","end":"2026-11-22T07:45:00Z"},"isFinalInvokeForWindow":false,"isWindowTerminatedEarly":false}""")),
            "\"batchItemFailures\":[]", time);
    }

    private static string Image(byte[] put)
    {
        var item = JsonNode.Parse(put)!["Item"]!;
        item["at"]!["N"] = At;
        return item.ToJsonString();
    }
}
