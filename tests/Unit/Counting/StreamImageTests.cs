using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Counting;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Counting;

/// <summary>Every stream record is read or counted as unreadable; none throws an exception, which would stop the shard.</summary>
public sealed class StreamImageTests
{
    private const int Images = 5_000;

    [Fact]
    public void Any_image_is_read_or_reported_as_unreadable()
    {
        var random = new Random(20261125);
        int read = 0, unreadable = 0;
        for (var i = 0; i < Images; i++)
        {
            var increments = StreamImage.Increments(
                new DynamoDBEvent.StreamRecord { NewImage = Image(random), OldImage = random.Next(4) == 0 ? Image(random) : null }, 3,
                Policies.Fingerprints);
            if (increments is null) unreadable++;
            else read++;
        }

        Assert.True(read > Images / 20 && unreadable > Images / 20, $"{read} were read and {unreadable} were not: the images are too much alike");
    }

    [Theory]
    [InlineData("""{"calls":[null]}""")]
    [InlineData("""{"calls":[{"service":null,"operation":"PutObject","status_code":200}]}""")]
    [InlineData("""{"calls":{}}""")]
    [InlineData("""{"cli":[{"command":"localstack"}]}""")]
    [InlineData("""{"features":[{"feature":"run_init","labels":null}]}""")]
    [InlineData("""{"dropped":{"invalid":"1"}}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    public void Content_of_another_shape_is_unreadable(string content)
    {
        var image = new Dictionary<string, DynamoDBEvent.AttributeValue>
        {
            ["source"] = new() { S = "session#x" }, ["receipt"] = new() { S = "0#0" }, ["at"] = new() { N = "1795332766000" },
            ["data"] = Packed(content),
        };
        Assert.Null(StreamImage.Increments(new DynamoDBEvent.StreamRecord { NewImage = image }, 0, Policies.Fingerprints));
    }

    [Fact]
    public async Task A_batch_with_unreadable_images_counts_the_others()
    {
        var bench = new IngestBench();
        await bench.Post("""{"events":[{"name":"cli_cmd","payload":{"cmd":"localstack start"}}]}""");
        var batch = StreamEvents.Of([.. bench.DynamoDb.Stream], "shardId-1", 1_000);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            batch.Records!.Add(new() { EventName = "INSERT",
                Dynamodb = new() { SequenceNumber = (2_000 + i).ToString(CultureInfo.InvariantCulture), NewImage = Image(random) } });
        }

        await bench.Count(batch);
        Assert.Contains(bench.DynamoDb.Items("counters"), item => item["metric"].S == "cli#2026-11-22");
    }

    [Theory]
    [InlineData(null, "s3|2026-11-22,sqs|2026-11-22", "s3 2026-11-22,sqs 2026-11-22")]
    [InlineData("s3|2026-11-21", "s3|2026-11-21,sqs|2026-11-22", "sqs 2026-11-22")]
    [InlineData("s3|2026-11-21", "s3|2026-11-21", "")]
    // Two processes, one before and one after midnight: the service counts once, on the earlier day.
    [InlineData("s3|2026-11-22", "s3|2026-11-22,s3|2026-11-21", "")]
    [InlineData(null, "s3|2026-11-22,s3|2026-11-21", "s3 2026-11-21")]
    public void A_session_counts_for_a_service_when_the_service_is_added_to_its_set(string? before, string after, string counted)
    {
        var increments = StreamImage.Increments(
            new DynamoDBEvent.StreamRecord { OldImage = before is null ? null : Session(before), NewImage = Session(after) }, 3,
            Policies.Fingerprints);

        Assert.Equal(
            counted.Split(',', StringSplitOptions.RemoveEmptyEntries),
            increments!.Select(i => $"{i.Key.Group.Split('#', '~')[0]} {i.Key.Metric["requests#".Length..]}").Order(StringComparer.Ordinal));
        Assert.All(increments!, i => Assert.Equal(("sessions", 1), (i.Attribute, i.Amount)));

        static Dictionary<string, DynamoDBEvent.AttributeValue> Session(string services) => new()
        {
            ["session_id"] = new() { S = "880c3de5-a2e9-4077-a334-3426cdeefe24" },
            ["services"] = new() { SS = [.. services.Split(',')] },
        };
    }

    private static Dictionary<string, DynamoDBEvent.AttributeValue> Image(Random random)
    {
        string[] names =
        [
            "source", "receipt", "at", "data", "session_id", "started_at", "standing", "stripped", "version", "system", "machine", "is_ci",
            "credential", "activated_at", "services",
        ];
        var image = new Dictionary<string, DynamoDBEvent.AttributeValue>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (random.Next(3) > 0) image[name] = Value(name, random);
        }

        return image;
    }

    private static DynamoDBEvent.AttributeValue Value(string name, Random random) => random.Next(8) switch
    {
        0 => new() { N = random.NextInt64().ToString(CultureInfo.InvariantCulture) },
        1 => new() { N = "1e400" },
        2 => new() { S = "" },
        3 => new() { M = new() { ["a"] = new() { S = "b" } } },
        4 => new(),
        _ => name switch
        {
            "source" => new() { S = random.Next(2) == 0 ? "session#880c3de5-a2e9-4077-a334-3426cdeefe24" : "cli#a" },
            "at" or "started_at" or "activated_at" => new() { N = "1795332766000" },
            "data" => Packed(new JsonObject
            {
                ["stored"] = random.Next(3), ["cli"] = new JsonArray(
                    new JsonObject { ["command"] = "localstack", ["parameters"] = new JsonArray() }),
            }.ToJsonString()),
            "is_ci" => new() { BOOL = true },
            "services" => new() { SS = [random.Next(2) == 0 ? "s3|2026-11-22" : "s3|today"] },
            "stripped" => new() { M = new() { ["session.payload.*"] = new() { N = "2" } } },
            _ => new() { S = "text" },
        },
    };

    private static DynamoDBEvent.AttributeValue Packed(string json)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(json));
        return new() { B = new MemoryStream(packed.ToArray()) };
    }
}
