using System.Text;
using System.Text.Json.Nodes;
using Collector.Local.DynamoDb;
using Collector.Local.Hosting;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>
/// A table's stream, read through DynamoDB Streams' API. DynamoDB Local stores streams with the tables: shards and sequence numbers survive
/// a restart and a crash (tested with 1.25.1).
/// </summary>
internal sealed class TableStream(DynamoDbClient client, string table) : IStreamSource
{
    private const string Api = "DynamoDBStreams_20120810.";

    public string Arn { get; private set; } = "";

    public async Task<IReadOnlyList<Shard>> Shards(CancellationToken cancellation)
    {
        Arn = await new Tables(client).StreamArn(table, cancellation) ?? throw new HostException($"The table {table} has no stream.");
        var shards = new List<Shard>();
        string? last = null;
        do
        {
            var request = new JsonObject { ["StreamArn"] = Arn };
            if (last is not null)
                request["ExclusiveStartShardId"] = last;
            var description = (await client.Call(Api + "DescribeStream", request, cancellation)).Object("StreamDescription");
            shards.AddRange(description.List("Shards").Select(shard => new Shard(shard.Text("ShardId")!, shard.Text("ParentShardId"))));
            last = description.Text("LastEvaluatedShardId");
        }
        while (last is not null);
        return shards;
    }

    public async Task<string> Iterator(string shardId, string? after, CancellationToken cancellation)
    {
        var request = new JsonObject { ["StreamArn"] = Arn, ["ShardId"] = shardId };
        if (after is null)
            request["ShardIteratorType"] = "TRIM_HORIZON";
        else
        {
            request["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER";
            request["SequenceNumber"] = after;
        }

        try
        {
            return (await client.Call(Api + "GetShardIterator", request, cancellation)).Text("ShardIterator")!;
        }
        catch (DynamoDbException e) when (e.Type == "TrimmedDataAccessException" && after is not null)
        {
            // The records after the position have expired (24 hours): start at the oldest remaining record.
            return await Iterator(shardId, null, cancellation);
        }
    }

    public async Task<RecordPage> Read(string iterator, CancellationToken cancellation)
    {
        JsonObject answer;
        try
        {
            answer = await client.Call(Api + "GetRecords", new JsonObject { ["ShardIterator"] = iterator }, cancellation);
        }
        catch (DynamoDbException e) when (e.Type is "ExpiredIteratorException" or "TrimmedDataAccessException")
        {
            throw new ExpiredIteratorException();
        }

        return new RecordPage([.. answer.List("Records").Select(Record)], answer.Text("NextShardIterator"));
    }

    /// <summary>Adds the stream's ARN, as Lambda does, and replaces DynamoDB Local's made-up region.</summary>
    private StreamRecord Record(JsonNode node)
    {
        var document = (JsonObject)node.DeepClone();
        document["awsRegion"] = TemplateValues.Region;
        document["eventSourceARN"] = Arn;
        var stream = document.Object("dynamodb") ?? [];
        var seconds = double.Parse(stream.Text("ApproximateCreationDateTime") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        return new StreamRecord(
            stream.Text("SequenceNumber")!,
            DateTimeOffset.UnixEpoch.AddSeconds(seconds),
            document,
            Encoding.UTF8.GetByteCount(document.ToJsonString()));
    }
}
