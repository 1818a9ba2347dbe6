using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Collector.Tests.EndToEnd.Local;

/// <summary>The local host's event source mapping, with DynamoDB Local's streams.</summary>
public sealed class StreamTests(StubHost stub) : IClassFixture<StubHost>
{
    [SkippableFact]
    public async Task Records_arrive_once_in_order_in_a_window_with_their_shard()
    {
        await Put("order-1", "order-2", "order-3");
        Assert.True(await Eventually.True(() => stub.Ids().Contains("order-3")));
        Assert.Equal(["order-1", "order-2", "order-3"], stub.Ids().Where(id => id.StartsWith("order", StringComparison.Ordinal)));
        var last = stub.Events()[^1];
        Assert.StartsWith("shardId-", last.GetProperty("shardId").GetString(), StringComparison.Ordinal);
        Assert.False(last.GetProperty("isFinalInvokeForWindow").GetBoolean());
        Assert.EndsWith("Z", last.GetProperty("window").GetProperty("start").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Records_excluded_by_the_filter_do_not_arrive()
    {
        await Put("filtered");
        await stub.Host.DynamoDb.Client.DeleteItemAsync("usage-things", Key("filtered"));
        await Put("behind");
        Assert.True(await Eventually.True(() => stub.Ids().Contains("behind")));
        Assert.DoesNotContain(stub.Events().SelectMany(e => e.GetProperty("Records").EnumerateArray()), record =>
            record.GetProperty("eventName").GetString() == "REMOVE");
    }

    [SkippableFact]
    public async Task A_record_that_cannot_be_processed_is_sent_to_the_failure_destination_and_the_others_are_processed()
    {
        await Put("before", "poison", "after");
        Assert.True(await Eventually.True(() => stub.Ids().Contains("after")));
        Assert.Contains("before", stub.Ids());
        var line = Assert.Single(File.ReadAllLines(Path.Combine(stub.Host.Data, "failures.jsonl")));
        using var failure = JsonDocument.Parse(line);
        Assert.Equal("RetryAttemptsExhausted", failure.RootElement.GetProperty("requestContext").GetProperty("condition").GetString());
        var batch = failure.RootElement.GetProperty("DDBStreamBatchInfo");
        Assert.Equal(1, batch.GetProperty("batchSize").GetInt32());
        Assert.Equal(batch.GetProperty("startSequenceNumber").GetString(), batch.GetProperty("endSequenceNumber").GetString());
        Assert.DoesNotContain("poison", line, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_stream_continues_after_an_outage_of_DynamoDB()
    {
        await stub.Host.DynamoDb.Stop();
        await stub.Host.WaitForLine(line => line.EndsWith("the stream cannot be read; retrying", StringComparison.Ordinal));
        await stub.Host.DynamoDb.Start();
        await Put("came-back");
        Assert.True(await Eventually.True(() => stub.Ids().Contains("came-back")));
        Assert.Single(stub.Ids(), id => id == "came-back");
    }

    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A_restarted_host_continues_where_the_last_one_stopped(string signal)
    {
        await Put("first-" + signal);
        Assert.True(await Eventually.True(() => stub.Ids().Contains("first-" + signal)));
        // The position is written after the invocation: a host that ends between the two delivers again, like Lambda.
        var done = stub.Events()[^1].GetProperty("Records").EnumerateArray().Last().GetProperty("dynamodb").GetProperty("SequenceNumber")
            .GetString()!;
        var checkpoints = Path.Combine(stub.Host.Data, "checkpoints.json");
        Assert.True(await Eventually.True(() =>
            File.Exists(checkpoints) && File.ReadAllText(checkpoints).Contains(done, StringComparison.Ordinal)));
        await stub.Host.StopHost(signal);
        await Put("meanwhile-" + signal);
        await stub.Host.StartHost();
        Assert.True(await Eventually.True(() => stub.Ids().Contains("meanwhile-" + signal)));
        Assert.Single(stub.Ids(), id => id == "meanwhile-" + signal);
    }

    private async Task Put(params string[] ids)
    {
        foreach (var id in ids)
            await stub.Host.DynamoDb.Client.PutItemAsync("usage-things", Key(id));
    }

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new AttributeValue(id) };
}
