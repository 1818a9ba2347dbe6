using System.Globalization;
using Amazon.Lambda.DynamoDBEvents;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Counting;

/// <summary>Converts writes to a table to the events that Lambda sends for its stream.</summary>
internal static class StreamEvents
{
    /// <param name="changes">The changes of one table.</param>
    /// <param name="shard">The stream shard of the changes.</param>
    /// <param name="first">The sequence number of the first change; the others follow.</param>
    public static DynamoDBTimeWindowEvent Of(IReadOnlyList<InMemoryDynamoDb.Change> changes, string shard, long first) =>
        Of(changes, shard, [.. Enumerable.Range(0, changes.Count).Select(i => first + i)]);

    /// <param name="sequence">The sequence number of each change.</param>
    public static DynamoDBTimeWindowEvent Of(IReadOnlyList<InMemoryDynamoDb.Change> changes, string shard, IReadOnlyList<long> sequence) =>
        new()
    {
        ShardId = shard,
        EventSourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/" + changes[0].Table + "/stream/1",
        State = [],
        Records = [.. changes.Select((change, i) => new DynamoDBEvent.DynamodbStreamRecord
        {
            EventName = change.Old is null ? "INSERT" : "MODIFY",
            Dynamodb = new DynamoDBEvent.StreamRecord
            {
                SequenceNumber = sequence[i].ToString(CultureInfo.InvariantCulture),
                NewImage = TestItems.Image(change.New),
                OldImage = change.Old is { } old ? TestItems.Image(old) : null,
            },
        })],
    };
}
