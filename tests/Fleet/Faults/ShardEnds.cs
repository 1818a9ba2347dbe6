using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Counting;
using Collector.Local.Template;

namespace Collector.Tests.Fleet.Faults;

/// <summary>
/// Ends shards of DynamoDB Local's streams and gives each one or two children, as DynamoDB does and DynamoDB Local does not. Readers see
/// made-up shards: the records of the real shard that belong to a part of the keys and are between two sequence numbers. All readers see
/// the same end of a shard, and no reader has received records after it.
/// </summary>
internal sealed class ShardEnds(int seed, FaultKinds kinds, FaultCount count, TimeProvider time)
{
    /// <summary>When a stream has this many open shards, an ending shard gets one child.</summary>
    private const int MostOpen = 4;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private static readonly StreamPosition Beginning = StreamPosition.Of("0");

    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly List<MadeUp> shards = [];
    private long last = time.GetTimestamp();

    /// <summary>False means that no more shards end.</summary>
    public bool On { get; set; }

    /// <summary>Whether an operation concerns shards.</summary>
    public static bool Concerns(string operation) => operation is "DescribeStream" or "GetShardIterator" or "GetRecords";

    /// <summary>The request as DynamoDB Local understands it.</summary>
    public JsonObject Request(string operation, JsonObject request)
    {
        lock (gate)
        {
            if (operation == "GetRecords") request["ShardIterator"] = Iterator.Of(request).Real;
            if (operation != "GetShardIterator" || Find(request) is not { } shard) return request;
            request["ShardId"] = shard.Real;
            if ((string)request["ShardIteratorType"]! != "TRIM_HORIZON" || shard.From == Beginning) return request;
            request["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER";
            request["SequenceNumber"] = shard.FromNumber;
            return request;
        }
    }

    /// <summary>The answer as a stream with the made-up shards would give it.</summary>
    /// <param name="request">The reader's original request.</param>
    public JsonObject Answer(string operation, JsonObject request, JsonObject answer)
    {
        lock (gate)
        {
            switch (operation)
            {
                case "DescribeStream":
                    Describe(answer.Object("StreamDescription")!);
                    break;
                case "GetShardIterator" when Find(request) is { } shard:
                    var reached = request.Text("SequenceNumber") is { } after ? StreamPosition.Of(after) : shard.From;
                    answer["ShardIterator"] = new Iterator(shard.Id, reached, answer.Text("ShardIterator")!).ToString();
                    break;
                case "GetRecords":
                    Give(Iterator.Of(request), answer);
                    break;
            }

            return answer;
        }
    }

    private void Describe(JsonObject stream)
    {
        var arn = stream.Text("StreamArn")!;
        foreach (var real in stream.List("Shards").Select(shard => shard.Text("ShardId")!))
        {
            if (!shards.Any(shard => shard.Real == real)) shards.Add(new MadeUp(arn, real, real, null, 0, 0, Beginning, ""));
        }

        var open = shards.Where(shard => shard.Arn == arn && shard.Until is null).ToList();
        if (On && kinds.Has(nameof(StreamFault.ShardEnds)) && time.GetElapsedTime(last) > Between) End(
            open[random.Next(open.Count)], open.Count);
        stream["Shards"] = new JsonArray([.. shards.Where(shard => shard.Arn == arn).Select(shard => shard.Describe())]);
    }

    private void End(MadeUp shard, int open)
    {
        last = time.GetTimestamp();
        (shard.Until, var number) = (shard.Served, shard.ServedNumber);
        var children = open < MostOpen ? 2 : 1;
        for (var child = 0; child < children; child++)
        {
            shards.Add(new MadeUp(
                shard.Arn, shard.Real, $"{shard.Real}-{shards.Count:00000000}", shard.Id, shard.Bits + children - 1,
                shard.Prefix | (child << shard.Bits), shard.Served, number));
        }

        count.Add("stream", nameof(StreamFault.ShardEnds), $"{children} begin");
    }

    private void Give(Iterator iterator, JsonObject answer)
    {
        var shard = shards.Single(shard => shard.Id == iterator.Shard);
        var reached = iterator.Reached;
        var given = new JsonArray();
        foreach (var record in answer.List("Records").ToList())
        {
            var stream = record.Object("dynamodb")!;
            var number = stream.Text("SequenceNumber")!;
            if (shard.Until is { } until && StreamPosition.Of(number) > until) break;
            reached = StreamPosition.Of(number);
            if (reached > shard.Served) (shard.Served, shard.ServedNumber) = (reached, number);
            if (shard.Holds(stream["Keys"]!)) given.Add(record!.DeepClone());
        }

        answer["Records"] = given;
        if (shard.Until is { } end && reached >= end) answer.Remove("NextShardIterator");
        else if (answer.Text("NextShardIterator") is { } next) answer["NextShardIterator"] = new Iterator(shard.Id, reached, next)
            .ToString();
    }

    private MadeUp? Find(JsonObject request) => shards.FirstOrDefault(shard => shard.Id == request.Text("ShardId"));

    /// <param name="Reached">The position up to which a reader with this iterator has received or skipped records.</param>
    /// <param name="Real">DynamoDB Local's own iterator.</param>
    private sealed record Iterator(string Shard, StreamPosition Reached, string Real)
    {
        public static Iterator Of(JsonObject request)
        {
            var parts = request.Text("ShardIterator")!.Split('~', 3);
            return new Iterator(parts[0], StreamPosition.Of(parts[1]), parts[2]);
        }

        public override string ToString() => $"{Shard}~{Reached.Padded}~{Real}";
    }

    /// <param name="bits">How many bits of a key's hash decide whether it belongs to the shard; they must equal <paramref
    /// name="prefix"/>.</param>
    /// <param name="from">The end of the parent; <paramref name="fromNumber"/> is DynamoDB Local's notation of it.</param>
    private sealed class MadeUp(string arn, string real, string id, string? parent, int bits, int prefix, StreamPosition from,
        string fromNumber)
    {
        public string Arn => arn;

        public string Real => real;

        public string Id => id;

        public int Bits => bits;

        public int Prefix => prefix;

        public StreamPosition From { get; } = from;

        public string FromNumber { get; } = fromNumber;

        /// <summary>The last position that any reader has received.</summary>
        public StreamPosition Served { get; set; } = from;

        public string ServedNumber { get; set; } = fromNumber;

        /// <summary>The shard's end; null while it is open.</summary>
        public StreamPosition? Until { get; set; }

        public bool Holds(JsonNode keys) =>
            (SHA256.HashData(Encoding.UTF8.GetBytes(keys.ToJsonString()))[0] & ((1 << bits) - 1)) == prefix;

        public JsonObject Describe()
        {
            var shard = new JsonObject { ["ShardId"] = id };
            if (parent is not null) shard["ParentShardId"] = parent;
            return shard;
        }
    }
}
